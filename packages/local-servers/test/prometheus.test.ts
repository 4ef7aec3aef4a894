import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { freePort, promtool, prometheusProgram, startPrometheus } from '../src';
import { ordinaryUser, readableClone, resultElsewhere } from './support/other-process';
import { listens, pathWithout, scratch, until } from './support/scratch';

const PROMETHEUS = ['prometheus', 'promtool'];

const selfScrape = (port: number): string => `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: itself
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
`;

async function samples(url: string, query: string): Promise<unknown[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const body = (await response.json()) as { data: { result: { value: unknown[] }[] } };
  return body.data.result.map(({ value }) => value[1]);
}

describe('Prometheus', () => {
  it('scrapes what its configuration names, on the port asked for', async () => {
    const port = await freePort();
    const prometheus = await startPrometheus({ config: selfScrape(port), port, say: console.log });
    assert.equal(prometheus.url, `http://127.0.0.1:${port}`);
    await until(async () => (await samples(prometheus.url, 'up{job="itself"}')).length > 0);
    assert.deepEqual(await samples(prometheus.url, 'up{job="itself"}'), ['1']);
    await prometheus.stop();
    await prometheus.stop();
    assert.equal(await listens(prometheus.url), false);
  });

  it('takes a configuration file with what lies beside it', async () => {
    const folder = scratch();
    const configFile = path.join(folder, 'prometheus.yml');
    fs.writeFileSync(configFile, 'rule_files: [rules.yml]\nglobal: { evaluation_interval: 1s }\n');
    fs.writeFileSync(path.join(folder, 'rules.yml'), 'groups: [{ name: a, rules: [{ record: one, expr: vector(1) }] }]\n');
    const prometheus = await startPrometheus({ configFile });
    await until(async () => (await samples(prometheus.url, 'one')).length > 0);
    await prometheus.stop();
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['prometheus.yml', 'rules.yml']);
  });

  it('that refuses its configuration is quoted', async () => {
    await assert.rejects(startPrometheus({ config: 'scrape_confgis: []\n' }), /did not start.*scrape_confgis/s);
  });

  it('does not take another one on its port for itself', async () => {
    const first = await startPrometheus({ config: 'scrape_configs: []\n' });
    const port = Number(new URL(first.url).port);
    await assert.rejects(startPrometheus({ config: 'scrape_configs: []\n', port }), /did not start.*address already in use/s);
    await first.stop();
  });

  it('runs as an ordinary user', async () => {
    const script = `
      const prometheus = await servers.startPrometheus({ config: 'scrape_configs: []' });
      tell((await fetch(prometheus.url + '/-/ready')).status);
      await prometheus.stop();`;
    const env = { HOME: scratch(), EARNTRACK_CACHE: scratch() };
    assert.equal(await resultElsewhere(script, { env, user: ordinaryUser, from: readableClone() }), 200);
  });
});

describe('promtool', () => {
  it('gives its findings and its exit code', async () => {
    assert.deepEqual(await promtool(['check', 'metrics'], '# HELP a_total An a.\n# TYPE a_total counter\na_total 1\n'), {
      code: 0,
      stdout: '',
      stderr: '',
    });
    const { code, stderr } = await promtool(['check', 'metrics'], 'a 1\n');
    assert.equal(code, 3);
    assert.match(stderr, /^a no help text$/m);
  });

  it('is not to be had without apt and Docker, and the remedy is told in one line', async () => {
    const env = { PATH: pathWithout(...PROMETHEUS, 'apt-get', 'docker'), EARNTRACK_CACHE: scratch() };
    const script = `await servers.promtool(['--version']).catch(({ name, message }) => tell({ name, message }));`;
    const { name, message } = await resultElsewhere<Error>(script, { env });
    assert.equal(name, 'ServerUnavailable');
    assert.match(message, /^no promtool: .*Remedy: .*install.*$/);
  });

  it('runs in Docker, if an engine answers, and sees the files of the folder that it is started in', async () => {
    const program = await prometheusProgram('promtool');
    const bin = pathWithout(...PROMETHEUS, 'apt-get', 'docker');
    // An engine's part, played by a script: only what is mounted under its own name can be seen, and the image's program is run.
    const docker = `#!/bin/sh
[ "$1" = info ] && echo 28.0.0 && exit
[ "$1" = image ] && exit
case "$*" in *"-v $PWD:$PWD -w $PWD --entrypoint promtool prom/prometheus:"*) ;; *) exit 9 ;; esac
while [ "$1" != --entrypoint ]; do shift; done
shift 3
exec '${program}' "$@"`;
    fs.writeFileSync(path.join(bin, 'docker'), docker, { mode: 0o755 });
    const folder = scratch();
    fs.writeFileSync(path.join(folder, 'rules.yml'), 'groups: []\n');
    const script = `process.chdir(${JSON.stringify(folder)}); tell(await servers.promtool(['check', 'rules', 'rules.yml']));`;
    const { code, stdout } = await resultElsewhere<{ code: number; stdout: string }>(script, {
      env: { PATH: bin, EARNTRACK_CACHE: scratch() },
    });
    assert.equal(code, 0);
    assert.match(stdout, /SUCCESS: 0 rules found/);
  });
});
