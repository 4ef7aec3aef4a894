// `npm run load` as its users run it, against a real Prometheus.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { freePort, startPrometheus, type Prometheus } from '@earntrack/local-servers';
import { Fleet, JOB } from '../src/fleet';
import { resultOf } from '../src/query';
import { batchesOf, push } from '../src/remote-write';
import { FIXED_SERIES } from '../src/shape';

const LOAD = path.join(__dirname, '../src/load.js');

function load(args: readonly string[]) {
  const child = spawn(process.execPath, [LOAD, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number | null) };
}

describe('npm run load', () => {
  let prometheus: Prometheus;
  let writeUrl: string;
  before(async () => {
    prometheus = await startPrometheus({ config: 'scrape_configs: []\n', flags: ['--web.enable-remote-write-receiver'] });
    writeUrl = `${prometheus.url}/api/v1/write`;
  });
  after(() => prometheus?.stop());

  const stored = (selector: string) => resultOf(`${prometheus.url}/api/v1/query`, selector);

  it('pushes, and every sample that it counts as sent is stored', async () => {
    const { output, ended } = load(['--instances', '3', '--series', '2100', '--interval', '1', '--seconds', '4', '--url', writeUrl]);
    assert.equal(await ended, 0, output());
    const found = await stored(`{job="${JOB}"}[1h]`);
    assert.equal(found.length, 3 * 2100);
    const sent = Number(/(\d+) samples sent, 0 refused\n$/.exec(output())?.[1]);
    assert.equal(
      found.reduce((sum, { values }) => sum + values!.length, 0),
      sent,
    );
    assert.match(output(), /^3 instances × \(2100 \+ 5\) series, every 1 s, 0 deploys a day:\n {2}active series {5}6315 /);
  });

  it('says once what the receiver said, counts what was refused, and fails', async () => {
    const { output, ended } = load([
      '--instances',
      '2',
      '--series',
      '200',
      '--interval',
      '1',
      '--seconds',
      '2',
      '--url',
      `${prometheus.url}/nowhere`,
    ]);
    assert.equal(await ended, 1);
    assert.match(output(), /^http:\/\/127\.0\.0\.1:\d+\/nowhere: 404 404 page not found$/m);
    assert.equal(output().match(/: 404 /g)!.length, 1);
    assert.match(output(), /0 samples sent, \d+ refused\n$/);
  });

  it('serves targets that Prometheus finds, until it is told to end', async () => {
    const port = await freePort();
    const { child, output, ended } = load(['--instances', '4', '--series', '300', '--listen', `127.0.0.1:${port}`]);
    while (!output().includes('Serving at')) await Promise.race([once(child.stdout, 'data'), ended]);
    const targets = (await (await fetch(`http://127.0.0.1:${port}/targets`)).json()) as { targets: string[]; labels: Record<string, string> }[];
    assert.deepEqual(
      targets.map(({ labels }) => labels.instance),
      ['load-0', 'load-1', 'load-2', 'load-3'],
    );
    const text = await (await fetch(`http://${targets[3]!.targets[0]}${targets[3]!.labels.__metrics_path__}`)).text();
    assert.equal(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length, 300);
    assert.equal((await fetch(`http://127.0.0.1:${port}/instances/4`)).status, 404);
    child.kill('SIGTERM');
    assert.equal(await ended, 0);
    assert.match(output(), /1 scrapes answered\n$/);
  });

  it('names what is wrong on its command line, and never a password', async () => {
    for (const [args, complaint] of [
      [['--instances', '0'], 'load: --instances must be a whole number from 1 to 1000, not "0"'],
      [['--series', '100'], `load: --series must be a whole number from ${FIXED_SERIES} to 10000, not "100"`],
      [['--instances', '1000', '--series', '2001'], 'load: --instances × --series must be at most 2000000, not 2001000'],
      [['--url', 'http://me:secret@example.org/'], 'load: --url must hold no password: set PROMETHEUS_REMOTE_WRITE_USERNAME and _PASSWORD'],
      [['--url', 'ftp://example.org/'], 'load: --url must be an http or https address'],
      [['--listen', '9400'], 'load: --listen must be HOST:PORT, not "9400"'],
      [['--url', 'http://127.0.0.1/', '--listen', '127.0.0.1:1'], 'load: --listen serves and --url pushes: give one of them'],
    ] as const) {
      const { output, ended } = load(args);
      assert.equal(await ended, 2);
      assert.equal(output().split('\n')[0], complaint);
    }
  });

  it('writes what a scrape would show: names, labels, values', async () => {
    const now = Date.now() / 1000;
    const fleet = new Fleet({ instances: 1, series: 400 }, now - 15);
    for (const batch of batchesOf(fleet, 0, now)) await push({ url: writeUrl }, batch);
    const { values } = fleet.sample(0, now);
    const key = (labels: Readonly<Record<string, string>>): string => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
    const expected = new Map(
      fleet.blueprint.series.map(({ name, labels }, index) => [key({ ...labels, __name__: name, job: JOB, instance: 'load-0' }), values[index]]),
    );
    const at = (now * 1000).toFixed(0);
    const found = (await stored(`{job="${JOB}",instance="load-0"}[1h]`)).flatMap(({ metric, values: samples }) =>
      samples!.filter(([time]) => (time * 1000).toFixed(0) === at).map(([, value]) => [key(metric), Number(value)] as const),
    );
    assert.deepEqual(new Map(found), expected);
  });
});
