// The alerts in a real run: healthy traffic fires none; each fault fires its own, in Prometheus and in Alertmanager, and it ends with the fault.
// Run by `npm run test:go`, which has an Alertmanager.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertName } from '@earntrack/monitoring';
import { firing, received } from './alert-states';
import { brokenQueries } from './panel-queries';
import type { Labels } from '../support/prometheus-api';
import { report, scan } from './requests';
import { JOB, Stage } from './stage';

/** Twenty times: a scrape every 750 ms, five minutes in 15 s. */
const TIME_SCALE = 20;

describe('a real run', function () {
  this.timeout(300_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open({ timeScale: TIME_SCALE, instances: 3, alertmanager: true, say: console.log });
  });
  after(() => stage?.close());

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await sleep(200);
  }

  /** Resolves when it is seen in both, to what it says. */
  async function fires(name: AlertName, labels: Labels = {}): Promise<string> {
    await until(async () => (await firing(stage, name, labels)).length > 0 && (await received(stage, name, labels)).length > 0);
    return (await received(stage, name, labels))[0]!.annotations.description!;
  }

  /** Resolves when it is seen in neither: also before a fault, since a loaded machine may be slow by itself. */
  async function resolves(name: AlertName, labels: Labels = {}): Promise<void> {
    await until(async () => (await firing(stage, name, labels)).length + (await received(stage, name, labels)).length === 0);
  }

  it('has nothing to tell of ten minutes of healthy traffic but that alerting works', async () => {
    await sleep(stage.scaled(600) * 1000);
    const fired = await stage.prometheus.query(`count by (alertname) (count_over_time(ALERTS{alertstate="firing"}[1h]))`);
    assert.deepEqual(
      fired.map(({ labels }) => labels.alertname),
      ['Watchdog'],
    );
    const [answered] = await stage.prometheus.query('sum(job:http_requests:increase5m)');
    assert.ok(answered!.value > 100, `only ${answered!.value} requests in five minutes`);
    await fires('Watchdog');
  });

  it('tells of 500s on one endpoint under a flood of 404s, which the setup guide’s own alert does not see', async () => {
    await resolves('HighErrorRate');
    const stopFlood = stage.send(400, scan);
    await stage.sql('ALTER TABLE rates RENAME TO rates_gone');
    await stage.forgetCached('rates:*');
    assert.match(await fires('HighErrorRate', { job: JOB }), /^Error rate is .+ Mostly: \/api\/rates\/:base\.$/);
    const window = `[${stage.scaled(300)}s]`;
    const [legacy] = await stage.prometheus.query(`sum(rate(http_requests_total{status=~"5.."}${window})) / sum(rate(http_requests_total${window}))`);
    assert.ok(legacy!.value > 0 && legacy!.value < 0.05, `the setup guide's ratio is ${legacy!.value}`);
    await stage.sql('ALTER TABLE rates_gone RENAME TO rates');
    stopFlood();
    await resolves('HighErrorRate');
  });

  it('tells of slow queries', async () => {
    await resolves('HighSlowQueryRate');
    const stopReports = stage.send(40, report);
    const mend = stage.fault('slow-queries');
    assert.match(await fires('HighSlowQueryRate', { job: JOB }), /slow queries per second .+ Mostly: select on earnings\.$/);
    mend();
    stopReports();
    await resolves('HighSlowQueryRate');
  });

  it('tells of a cache that is flushed again and again', async () => {
    await resolves('LowCacheHitRate');
    const mend = stage.fault('flushed-cache');
    assert.match(await fires('LowCacheHitRate', { job: JOB }), /^Cache hit rate is .+, and does not recover\. Mostly: \w+\.$/);
    mend();
    await resolves('LowCacheHitRate');
  });

  it('tells of failing jobs', async () => {
    await resolves('HighJobFailureRate');
    const mend = stage.fault('failing-jobs');
    assert.match(await fires('HighJobFailureRate', { job: JOB }), /of jobs failing for earntrack-backend/);
    mend();
    await resolves('HighJobFailureRate');
  });

  it('tells of one sick instance, and of its death, which mutes what else it had to tell', async () => {
    const sick = stage.instances.at(-1)!;
    await resolves('TargetDown');
    const mend = stage.fault('errors', [sick]);
    await fires('HighErrorRate', { instance: sick.name });
    sick.process.kill();
    assert.equal(await fires('TargetDown', { instance: sick.name }), `Prometheus gets no metrics from ${JOB} on ${sick.name}.`);
    const [down] = await received(stage, 'TargetDown', { instance: sick.name });
    await until(async () => {
      const [muted] = await received(stage, 'HighErrorRate', { instance: sick.name });
      return muted?.status.state === 'suppressed' && muted.status.inhibitedBy.includes(down!.fingerprint);
    });
    mend();
    await stage.restart(sick);
    await resolves('TargetDown');
    await resolves('HighErrorRate');
  });

  it('has numbers for every query of every panel', async () => {
    const view = { range: stage.scaled(600), step: stage.scaled(15), scrape: stage.scaled(15) };
    assert.deepEqual(await brokenQueries(stage.prometheus, view), []);
  });
});
