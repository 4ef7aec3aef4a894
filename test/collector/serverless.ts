// Forty instances of a function that run side by side, each for a moment, push what they counted; one collector adds it up.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIALS, startReceiver, type Receiver } from '../support/remote-write-receiver';
import { MAIN, startCollector, type Collector } from './support/collector';
import { instance, INVOCATIONS, type Invocations } from './support/function-instance';
import { until } from '../support/until';

const HTPASSWD = `functions:{SHA}${createHash('sha1').update('s3cr3t').digest('base64')}\n`;
const TOTAL = 'http_requests_total{endpoint="/api/earnings"}';
const INSTANCES = 40;

describe('Forty functions that push deltas', () => {
  let folder: string;
  let receiver: Receiver;
  let collector: Collector;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'serverless-'));
    fs.writeFileSync(path.join(folder, 'htpasswd'), HTPASSWD);
    receiver = await startReceiver();
    fs.writeFileSync(path.join(folder, 'password'), CREDENTIALS.password);
    collector = await startCollector({
      files: [MAIN, 'collector/serverless.yaml'],
      env: {
        PROMETHEUS_REMOTE_WRITE_URL: receiver.writeUrl,
        PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username,
        PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: path.join(folder, 'password'),
        SERVERLESS_HTPASSWD_FILE: path.join(folder, 'htpasswd'),
      },
    });
  });
  after(async () => {
    await collector?.stop();
    await receiver?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  /** Each starts while others run, and ends before others do. */
  const wave = async (): Promise<Invocations> => {
    const all = await Promise.all(
      Array.from({ length: INSTANCES }, async (_, index) => {
        await sleep(50 * index);
        return instance(collector.functionsUrl, index);
      }),
    );
    return { requests: all.reduce((sum, { requests }) => sum + requests, 0), milliseconds: all.reduce((sum, one) => sum + one.milliseconds, 0) };
  };
  const arrived = (total: number): Promise<void> =>
    until(
      async () => Number((await receiver.query(TOTAL))[0]) === total,
      () => `${total} does not arrive\n${collector.log()}`,
    );
  let first: Invocations;

  it('are one series, whose last value is the number of requests, from a cold collector', async () => {
    first = await wave();
    await arrived(first.requests);
    const [series, ...others] = await receiver.series(TOTAL);
    assert.deepEqual(others, []);
    const { __name__: _, value: __, ...labels } = series!;
    assert.deepEqual(labels, { job: 'earntrack-functions', endpoint: '/api/earnings', method: 'GET', status: '200' });
  });

  it('are one histogram, whose count, sum and buckets are those of all requests', async () => {
    const { requests, milliseconds } = first;
    const value = async (name: string, le = ''): Promise<number> => Number((await receiver.query(`http_request_duration_ms_${name}${le}`))[0]);
    assert.deepEqual([await value('count'), await value('sum'), await value('bucket', '{le="+Inf"}')], [requests, milliseconds, requests]);
    assert.equal(await value('bucket', '{le="100"}'), INSTANCES * INVOCATIONS.fast);
  });

  it('grow, once the series exists, by what increase() says, but for what it extrapolates', async () => {
    const before = (await receiver.samples(TOTAL)).at(-1)!;
    const second = await wave();
    await arrived(first.requests + second.requests);
    const samples = (await receiver.samples(TOTAL)).filter(([at]) => at >= before[0]);
    assert.ok(samples.length > 2, JSON.stringify(samples));
    const window = `${Date.now() - before[0] + 500}ms`;
    const [increase] = await receiver.query(`increase(${TOTAL}[${window}])`);
    // At each end by 1.1 of the samples' mean distance at most (promql/functions.go).
    const most = second.requests * (1 + 2.2 / (samples.length - 1));
    assert.ok(Number(increase) >= second.requests && Number(increase) <= most, `${increase} of ${second.requests}, at most ${most}`);
  });

  it('are refused without the right password', async () => {
    const { status } = await fetch(`${collector.functionsUrl}/v1/metrics`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(status, 401);
  });
});
