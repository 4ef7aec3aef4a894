// The rendered prometheus.yml: a real Prometheus takes it, and really writes to a receiver that asks for a nasty password.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promtool, startPrometheus, type Prometheus } from '@earntrack/local-servers';
import { root } from '../support/app';
import { CREDENTIALS, startReceiver, type Receiver } from '../support/remote-write-receiver';
import { until } from '../support/until';

const CLI = path.join(root, 'packages/otel-preload/package/cli.js');
const PASSWORD_FORMS = [
  CREDENTIALS.password,
  encodeURIComponent(CREDENTIALS.password),
  Buffer.from(CREDENTIALS.password).toString('base64').slice(0, 30),
];

const BASE = `
# A comment that stays.
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [rules.yml]
scrape_configs: []
`;
const RULES = `groups: [{ name: a, rules: [{ record: sent, expr: vector(42) }] }]\n`;

describe('Prometheus with a rendered configuration', () => {
  let folder: string;
  let receiver: Receiver;
  let sender: Prometheus;
  const rendered = (): string => path.join(folder, 'rendered/prometheus.yml');

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sender-'));
    fs.writeFileSync(path.join(folder, 'prometheus.yml'), BASE);
    fs.writeFileSync(path.join(folder, 'rules.yml'), RULES);
    receiver = await startReceiver();
    const { status, stderr } = renderFor(CREDENTIALS.password);
    assert.equal(status, 0, stderr);
    sender = await startPrometheus({ configFile: rendered(), flags: ['--log.level=debug'] });
  });

  after(async () => {
    await sender?.stop();
    await receiver?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  function renderFor(password: string) {
    const env = {
      PATH: process.env['PATH'],
      PROMETHEUS_REMOTE_WRITE_URL: receiver.writeUrl,
      PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username,
      PROMETHEUS_REMOTE_WRITE_PASSWORD: password,
    };
    return spawnSync(process.execPath, [CLI, 'remote-write', '--out', 'rendered'], { cwd: folder, env, encoding: 'utf8' });
  }

  it('writes to the receiver, with the rules that lay beside the original', async () => {
    await until(
      async () => (await receiver.query('sent')).length > 0,
      () => sender.log().slice(-2000),
      40_000,
    );
    assert.deepEqual(await receiver.query('sent'), ['42']);
  });

  it('is what promtool takes, and holds neither the password nor a ${…}', async () => {
    const { code, stdout, stderr } = await promtool(['check', 'config', rendered()]);
    assert.equal(code, 0, stdout + stderr);
    const text = fs.readFileSync(rendered(), 'utf8');
    assert.match(text, /# A comment that stays\./);
    assert.match(text, /password_file: remote-write-password/);
    assert.doesNotMatch(text, /\$\{|password:/);
    for (const form of PASSWORD_FORMS) assert.ok(!text.includes(form));
  });

  it('lies, as the password does, in files that only their owner reads', () => {
    const modes = fs.readdirSync(path.dirname(rendered())).map((name) => [name, modeOf(path.join(path.dirname(rendered()), name))]);
    assert.deepEqual(modes, [
      ['prometheus.yml', '600'],
      ['remote-write-password', '600'],
    ]);
    assert.equal(modeOf(path.dirname(rendered())), '700');
    assert.equal(fs.readFileSync(path.join(folder, 'rendered/remote-write-password'), 'utf8'), CREDENTIALS.password);
  });

  it('shows the password in no log and in nothing that it answers', async () => {
    const config = await (await fetch(`${sender.url}/api/v1/status/config`)).text();
    for (const text of [sender.log(), receiver.log(), config]) for (const form of PASSWORD_FORMS) assert.ok(!text.includes(form));
  });

  it('replaces an old password file with wide permissions', () => {
    const file = path.join(folder, 'rendered/remote-write-password');
    fs.writeFileSync(file, 'old');
    fs.chmodSync(file, 0o644);
    assert.equal(renderFor(CREDENTIALS.password).status, 0);
    assert.deepEqual([modeOf(file), fs.readFileSync(file, 'utf8')], ['600', CREDENTIALS.password]);
  });
});

const modeOf = (file: string): string => (fs.statSync(file).mode & 0o777).toString(8);
