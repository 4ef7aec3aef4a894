// Law 2 where the app's own objects mislead: what was sent is counted, and an error is an error whatever it is made of.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http2 from 'node:http2';
import { startApp, type App } from '../support/app';
import { scrapeUntil, seriesOf, type Samples } from '../support/exposition';

async function getOverHttp2(port: number): Promise<void> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  await once(session.request({ ':path': '/' }).resume(), 'end');
  session.close();
}

describe('Answers that are not what they seem', () => {
  let app: App;
  before(async () => {
    app = await startApp('odd-answers.cjs');
  });
  after(() => app.stop());

  const counted = (requests: number): Promise<Samples> =>
    scrapeUntil(app.port, (now) => Object.values(seriesOf(now, 'http_requests_total')).reduce((sum, count) => sum + count, 0) === requests);

  it('are counted under the status that was sent, not under one that was set too late', async () => {
    assert.equal((await fetch(`http://127.0.0.1:${app.port}/late-status`)).status, 200);
    await getOverHttp2(Number(await app.said('http2')));
    const shown = seriesOf(await counted(2), 'http_requests_total');
    assert.deepEqual(shown, {
      'endpoint="/late-status",method="GET",status="200"': 1,
      'endpoint="unmatched",method="GET",status="200"': 1,
    });
  });

  it("are counted when they are over, not when the app itself emits 'close'", async () => {
    assert.equal((await fetch(`http://127.0.0.1:${app.port}/says-close`)).status, 200);
    const shown = seriesOf(await counted(3), 'http_requests_total');
    assert.equal(shown['endpoint="/says-close",method="GET",status="200"'], 1);
  });

  it('count as errors even if the error cannot be looked at', async () => {
    for (const which of [0, 1, 2]) assert.equal((await fetch(`http://127.0.0.1:${app.port}/odd/${which}`)).status, 500);
    const shown = seriesOf(await counted(6), 'errors_total');
    assert.deepEqual(shown, { 'endpoint="/odd/:which",error_type="Error"': 3 });
    assert.deepEqual(app.log(), []);
  });
});
