// A wrong password: a real Prometheus, with the generated rules in a shortened time, says that metrics are lost, or that they wait.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPrometheus, type Prometheus } from '@earntrack/local-servers';
import { root } from '../support/app';
import { CREDENTIALS, startReceiver, type Receiver } from '../support/remote-write-receiver';
import { MAIN, startCollector, type Collector } from './support/collector';
import { pusher } from './support/pusher';
import { until } from '../support/until';

const GENERATE = path.join(root, 'packages/monitoring/dist/src/generate.js');
/** Five minutes are ten seconds. */
const TIME_SCALE = '30';

describe('A wrong password', function () {
  this.timeout(300_000);
  let folder: string;
  let receiver: Receiver;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'alert-'));
    const { status, stderr } = spawnSync(process.execPath, [GENERATE, '--time-scale', TIME_SCALE, '--out', folder], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    receiver = await startReceiver();
  });
  after(async () => {
    await receiver?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  /** Pushes with a wrong password until one of the two alerts fires; then until the password is right and all has arrived, if `repaired`. */
  async function refused(files: readonly string[], name: string, repaired: (passwordFile: string) => Promise<void>): Promise<string> {
    const passwordFile = path.join(folder, 'password');
    fs.writeFileSync(passwordFile, 'wrong');
    const env = {
      PROMETHEUS_REMOTE_WRITE_URL: receiver.writeUrl,
      PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username,
      PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: passwordFile,
    };
    const collector = await startCollector({ files, env });
    let prometheus: Prometheus | undefined;
    const pushing = { on: true };
    try {
      prometheus = await watching(collector, folder);
      const app = pusher(collector.url, name);
      const pushes = (async () => {
        for (; pushing.on; await sleep(200)) await app.push();
      })();
      let firing: string | undefined;
      await until(
        async () => (firing = await firingOn(prometheus!)) !== undefined,
        () => `no alert fires\n${collector.log()}`,
      );
      await repaired(passwordFile);
      pushing.on = false;
      await pushes;
      if (fs.readFileSync(passwordFile, 'utf8') !== 'wrong') await allStored(app.acknowledged.length, name, collector);
      return firing!;
    } finally {
      pushing.on = false;
      await prometheus?.stop();
      await collector.stop();
    }
  }

  const allStored = (count: number, name: string, collector: Collector): Promise<void> =>
    until(
      async () => (await receiver.samples(name)).length === count,
      () => `not all ${count} arrived\n${collector.log()}`,
    );

  it('is a loss with the stock exporters, and CollectorDroppingData says so', async () => {
    assert.equal(await refused([MAIN], 'dropped_total', async () => {}), 'CollectorDroppingData');
    assert.deepEqual(await receiver.samples('dropped_total'), []);
  });

  it('is none with collector/keep-refused.yaml: CollectorNotDelivering says so, and all arrives once it is right', async () => {
    const repaired = async (file: string): Promise<void> => fs.writeFileSync(file, CREDENTIALS.password);
    assert.equal(await refused([MAIN, 'collector/keep-refused.yaml'], 'kept_total', repaired), 'CollectorNotDelivering');
  });
});

/** As prometheus.yml has it, but faster. */
function watching({ metricsUrl }: Collector, folder: string): Promise<Prometheus> {
  const { host } = new URL(metricsUrl);
  const rules = ['compose/prometheus_records.yml', 'compose/prometheus_alerts.yml'].map((file) => path.join(folder, file));
  const scrape = { job_name: 'otel-collector', static_configs: [{ targets: [host] }] };
  const config = { global: { scrape_interval: '500ms', evaluation_interval: '1s' }, rule_files: rules, scrape_configs: [scrape] };
  return startPrometheus({ config: JSON.stringify(config) });
}

async function firingOn({ url }: Prometheus): Promise<string | undefined> {
  const query = encodeURIComponent('ALERTS{alertstate="firing",alertname=~"Collector.*"}');
  const body = (await (await fetch(`${url}/api/v1/query?query=${query}`)).json()) as { data: { result: { metric: { alertname: string } }[] } };
  return body.data.result[0]?.metric.alertname;
}
