// `otel-preload remote-write`: each wrong setting is one line that names the variable, and no value is ever shown.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../support/app';
import { privateUrls, SECRET, wrongCases } from '../support/remote-write-cases';
import { CREDENTIALS } from '../support/remote-write-receiver';

const CLI = path.join(root, 'packages/otel-preload/package/cli.js');
const GOOD = { url: 'https://x.grafana.net/api/prom/push', ...CREDENTIALS };

interface Settings {
  readonly url?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

describe('otel-preload remote-write', () => {
  let folder: string;
  before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-write-'))));
  after(() => fs.rmSync(folder, { recursive: true }));

  function run({ url, username, password }: Settings, ...args: string[]) {
    const triple = { PROMETHEUS_REMOTE_WRITE_URL: url, PROMETHEUS_REMOTE_WRITE_USERNAME: username, PROMETHEUS_REMOTE_WRITE_PASSWORD: password };
    const env = { PATH: process.env['PATH'], ...triple };
    return spawnSync(process.execPath, [CLI, 'remote-write', ...args], { cwd: folder, env, encoding: 'utf8' });
  }

  for (const { title, line, ...settings } of wrongCases) {
    it(`says one line about ${title}, and writes nothing`, () => {
      const { status, stdout, stderr } = run(settings, '--out', 'rendered');
      assert.match(stderr, line);
      assert.match(stderr, /^PROMETHEUS_REMOTE_WRITE_(URL|USERNAME|PASSWORD)[^\n]*: [^\n]+\n$/);
      assert.ok(!stderr.includes(SECRET), stderr);
      assert.deepEqual([status, stdout, fs.readdirSync(folder)], [1, '', []]);
    });
  }

  it('says one line about nothing that is set', () => {
    const { status, stderr } = run({ url: '' });
    assert.equal(stderr, 'PROMETHEUS_REMOTE_WRITE_URL is not set: set it in the environment or .env\n');
    assert.equal(status, 1);
  });

  it('takes any other character, and receivers on private networks as they are', () => {
    for (const settings of [GOOD, ...privateUrls.map((url) => ({ url })), { ...CREDENTIALS, url: privateUrls[0] }]) {
      const { status, stderr } = run(settings);
      assert.equal(stderr, '');
      assert.equal(status, 0);
    }
  });

  it('reads .env, which the environment overrules', () => {
    const dotenv = `PROMETHEUS_REMOTE_WRITE_URL=${GOOD.url}\nPROMETHEUS_REMOTE_WRITE_USERNAME=u\nPROMETHEUS_REMOTE_WRITE_PASSWORD='p#$x'\n`;
    fs.writeFileSync(path.join(folder, '.env'), dotenv);
    assert.equal(run({}).status, 0);
    assert.match(run({ url: 'http://8.8.8.8/api/v1/write' }).stderr, /_URL is http to a public host/);
    fs.rmSync(path.join(folder, '.env'));
  });

  it('takes no secret from the command line, and does not repeat one', () => {
    for (const args of [['s3cr3t'], ['--password', 's3cr3t'], ['--password=s3cr3t']]) {
      const { status, stdout, stderr } = run(GOOD, ...args);
      assert.match(stderr, /^Usage: otel-preload remote-write/);
      assert.ok(!stderr.includes('s3cr3t'));
      assert.deepEqual([status, stdout], [2, '']);
    }
  });

  it('says in one line what is wrong with the files', () => {
    const config = path.join(folder, 'prometheus.yml');
    assert.match(run(GOOD, '--out', 'rendered').stderr, /^\S+prometheus.yml is not rendered into \S+rendered: .*ENOENT[^\n]*\n$/);
    fs.writeFileSync(config, 'scrape_configs: [\n');
    assert.match(run(GOOD, '--out', 'rendered').stderr, /^\S+prometheus.yml is not rendered into \S+rendered: [^\n]*flow[^\n]*\n$/i);
    fs.writeFileSync(config, `remote_write: [{ url: '${GOOD.url}' }]\n`);
    assert.match(run(GOOD, '--out', 'rendered').stderr, /writes to PROMETHEUS_REMOTE_WRITE_URL already[^\n]*\n$/);
    assert.match(run(GOOD, '--out', '.').stderr, /would be overwritten[^\n]*\n$/);
    assert.deepEqual(fs.readdirSync(folder), ['prometheus.yml']);
    fs.rmSync(config);
  });
});
