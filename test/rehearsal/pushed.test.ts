// The same dashboards and alerts where nothing is scraped: metrics are pushed to the real collector, and by it to Prometheus.
// Run by `npm run test:go`, which has the collector.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { firing } from './alert-states';
import { brokenQueries } from './panel-queries';
import { JOB, Stage } from './stage';

describe('a real run that pushes', function () {
  this.timeout(300_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open({ timeScale: 20, instances: 2, pushed: true, say: console.log });
  });
  after(() => stage?.close());

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(200);
  }

  it('has numbers for every query of every panel', async () => {
    const mend = stage.fault('errors');
    // Ten minutes of the rules, so that each query's window is full.
    await sleep(stage.scaled(600) * 1000);
    mend();
    const view = { range: stage.scaled(300), step: stage.scaled(15), scrape: stage.scaled(15) };
    assert.deepEqual(await brokenQueries(stage.prometheus, view), []);
  });

  it('names each process by its own id, under the service’s name', async () => {
    const started = await stage.prometheus.query('process_start_time_seconds');
    assert.equal(started.length, 2);
    assert.ok(started.every(({ labels }) => labels.job === JOB && labels.instance));
    assert.equal(new Set(started.map(({ labels }) => labels.instance)).size, 2);
  });

  it('tells of a backend that is not there any more, though there is no target to be down', async () => {
    assert.deepEqual(await firing(stage, 'BackendMissing'), []);
    for (const { process } of stage.instances) process.kill();
    await until(async () => (await firing(stage, 'BackendMissing', { job: JOB })).length > 0);
    await stage.restart(stage.instances[0]!);
    await until(async () => (await firing(stage, 'BackendMissing')).length === 0);
  });
});
