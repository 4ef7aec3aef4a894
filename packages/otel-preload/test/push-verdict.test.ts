import assert from 'node:assert/strict';
import type { PushConfig } from '../src/config';
import type { Answer } from '../src/push/exchange';
import { verdictOn, type Verdict } from '../src/push/verdict';

const CONFIG: PushConfig = {
  url: new URL('http://collector:4318/v1/metrics'),
  headers: {},
  protocol: 'http/protobuf',
  gzip: false,
  timeoutMs: 1000,
  intervalMs: 1000,
  retryMs: 1000,
  deltas: false,
  serverless: false,
  files: { ca: undefined, key: undefined, cert: undefined },
};

const on = (status: number, more: Partial<Answer> = {}): Verdict =>
  verdictOn({ status, retryAfter: undefined, location: undefined, body: Buffer.alloc(0), ...more }, CONFIG);

describe('The verdict on an answer to a push', () => {
  const cases: readonly [status: number, result: Verdict['result'], again: boolean][] = [
    [200, 'sent', false],
    [202, 'sent', false],
    [301, 'failed', false],
    [400, 'dropped', false],
    [401, 'failed', false],
    [403, 'failed', false],
    [404, 'failed', false],
    [413, 'dropped', false],
    [429, 'failed', true],
    [500, 'failed', false],
    [502, 'failed', true],
    [503, 'failed', true],
    [504, 'failed', true],
  ];
  for (const [status, result, again] of cases) {
    it(`of ${status} is: ${result}${again ? ', worth another attempt' : ''}`, () => {
      const verdict = on(status);
      assert.deepEqual([verdict.result, verdict.again], [result, again]);
    });
  }

  it('knows when the collector wants to be asked again, in seconds or as a date', () => {
    assert.equal(on(503, { retryAfter: '7' }).waitMs, 7000);
    const wait = on(429, { retryAfter: new Date(Date.now() + 3_600_000).toUTCString() }).waitMs!;
    assert.ok(wait > 3_500_000 && wait <= 3_600_000, `${wait}`);
    assert.equal(on(429, { retryAfter: new Date(0).toUTCString() }).waitMs, 0);
    assert.equal(on(429, { retryAfter: 'soon' }).waitMs, undefined);
  });

  it('asks again after an hour, however long the collector wants to be left alone', () => {
    assert.equal(on(503, { retryAfter: '999999999' }).waitMs, 3_600_000);
    assert.equal(on(503, { retryAfter: 'Fri, 31 Dec 9999 23:59:59 GMT' }).waitMs, 3_600_000);
  });

  it('says where the collector points to, without what may be secret', () => {
    const { why } = on(301, { location: 'https://user:s3cret@there/v1/metrics?key=s3cret' });
    assert.equal(why, 'it answers 301 and points to https://there/v1/metrics');
  });

  it('names the port of gRPC, where that does not answer', () => {
    const to = (port: string): string => verdictOn({ why: 'reset' }, { ...CONFIG, url: new URL(`http://collector:${port}`) }).why;
    assert.equal(to('4317'), 'reset; 4317 is the port for gRPC, that for HTTP is 4318');
    assert.equal(to('4318'), 'reset');
  });
});
