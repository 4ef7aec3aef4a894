// http_requests_total and http_request_duration_ms against the client's own ledger: what was sent is what is counted.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { startApp, type App } from '../support/app';
import { scrape, scrapeUntil, seriesOf, type Samples } from '../support/exposition';

const servers = [
  { name: 'Express 4', program: 'http-app.js', folder: 'express4' },
  { name: 'Express 5', program: 'http-app.js', folder: '.' },
  { name: 'Express 5 in an ES module', program: 'http-app.mjs', folder: '.' },
];

/** When the client ends the exchange: with the whole answer, or before, and then by leaving. */
type Leaves = 'answered' | 'before the headers' | 'after the headers' | 'during the upload';

/** A kind of request, and how often it is among a thousand. `ID` is another one each time. */
interface Kind {
  readonly share: number;
  readonly path: string;
  readonly endpoint: string;
  readonly method?: string;
  readonly body?: string;
  readonly leaves?: Leaves;
}

const JSON_BODY = '{"name":"Ada"}';

const KINDS: readonly Kind[] = [
  { share: 200, path: '/api/users/ID', endpoint: '/api/users/:user' },
  { share: 40, path: '/api/users/ID?with=ID', endpoint: '/api/users/:user' },
  { share: 20, path: '/api/users/ID', endpoint: '/api/users/:user', method: 'HEAD' },
  { share: 60, path: '/api/users', endpoint: '/api/users', method: 'POST', body: JSON_BODY },
  { share: 20, path: '/api/users', endpoint: '/api/users', method: 'POST', body: '{"broken' },
  { share: 40, path: '/api/users/ID', endpoint: '/api/users/:user', method: 'DELETE' },
  { share: 40, path: '/api/users/ID', endpoint: '/api/users/:user', method: 'PUT', body: JSON_BODY },
  { share: 100, path: '/api/users/ID/earnings', endpoint: '/api/users/:user/earnings' },
  { share: 100, path: '/api/users/ID/earnings/ID', endpoint: '/api/users/:user/earnings/:earning' },
  { share: 60, path: '/failures/throws/ID', endpoint: '/failures/throws/:id' },
  { share: 40, path: '/failures/rejects/ID', endpoint: '/failures/rejects/:id' },
  { share: 20, path: '/failures/answers/ID', endpoint: '/failures/answers/:id' },
  { share: 20, path: '/failures/cuts/ID', endpoint: '/failures/cuts/:id' },
  { share: 60, path: '/streams/export/ID', endpoint: '/streams/export/:id' },
  { share: 20, path: '/streams/export/ID', endpoint: '/streams/export/:id', leaves: 'after the headers' },
  { share: 30, path: '/streams/events/ID', endpoint: '/streams/events/:id', leaves: 'after the headers' },
  { share: 40, path: '/streams/slow/ID', endpoint: '/streams/slow/:id', leaves: 'before the headers' },
  { share: 20, path: '/streams/uploads/ID', endpoint: '/streams/uploads/:id', method: 'PUT', body: JSON_BODY },
  { share: 20, path: '/streams/uploads/ID', endpoint: '/streams/uploads/:id', method: 'PUT', leaves: 'during the upload' },
  { share: 30, path: '/ID', endpoint: 'unmatched' },
  { share: 20, path: '/api/users/ID/payouts/ID', endpoint: 'unmatched', method: 'POST', body: JSON_BODY },
];

/** One in flight for each: those that are answered share connections, as a client with keep-alive has it. */
const CLIENTS = 8;

const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });

/** Sends one request, and gives the status that this client saw: 499 where it left before it saw one, 444 where it was left. */
function send(port: number, { path, method = 'GET', body, leaves = 'answered' }: Kind): Promise<string> {
  return new Promise((resolve) => {
    let status = leaves === 'answered' ? '444' : '499';
    const uploading = leaves === 'during the upload';
    const headers = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(uploading && { expect: '100-continue', 'content-length': 1000 }),
    };
    const request = http.request({ port, agent, method, path: path.replaceAll('ID', () => randomUUID()), headers });
    request.on('response', (response) => {
      status = String(response.statusCode);
      if (leaves === 'after the headers') response.destroy();
      else response.resume();
    });
    // Both tell that the server has the request, of which it has not answered anything yet.
    request.on('information', () => request.destroy());
    request.on('continue', () => request.write('half', () => request.destroy()));
    request.on('error', () => undefined);
    request.on('close', () => resolve(status));
    if (uploading) request.flushHeaders();
    else request.end(body);
  });
}

/** A thousand requests in an order that mixes all kinds, and is the same in each run. */
function mixed(): Kind[] {
  const all = KINDS.flatMap((kind) => Array.from({ length: kind.share }, () => kind));
  const step = 387;
  return all.map((_, i) => all[(i * step) % all.length]!);
}

/** Sends all of them, and gives what this client saw, as the series that it is to be. */
async function sendAll(port: number, requests: readonly Kind[]): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  const queue = requests.values();
  const client = async (): Promise<void> => {
    for (const kind of queue) {
      const series = `endpoint="${kind.endpoint}",method="${kind.method ?? 'GET'}",status="${await send(port, kind)}"`;
      seen[series] = (seen[series] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return seen;
}

const counted = (samples: Samples): number => Object.values(seriesOf(samples, 'http_requests_total')).reduce((sum, count) => sum + count, 0);

function withoutStatus(counts: Readonly<Record<string, number>>): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [series, count] of Object.entries(counts)) {
    const key = series.replace(/,status="\d+"/, '');
    sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}

describe('HTTP requests against the ledger of their client', () => {
  after(() => agent.destroy());

  for (const { name, program, folder } of servers) {
    describe(`of ${name}`, () => {
      let app: App;
      let ledger: Record<string, number>;
      let samples: Samples;
      before(async () => {
        app = await startApp(program, { args: [folder] });
        ledger = await sendAll(app.port, mixed());
        samples = await scrapeUntil(app.port, (now) => counted(now) >= 1000);
      });
      after(() => app?.stop());

      it('a thousand mixed requests are counted per method, status and endpoint', () => {
        assert.deepEqual(seriesOf(samples, 'http_requests_total'), ledger);
      });

      it('and each has its duration', () => {
        assert.deepEqual(seriesOf(samples, 'http_request_duration_ms_count'), withoutStatus(ledger));
      });

      it('of every status that there was', () => {
        const statuses = new Set(Object.keys(ledger).map((series) => /status="(\d+)"/.exec(series)![1]!));
        assert.deepEqual([...statuses].toSorted(), ['200', '201', '204', '400', '403', '404', '444', '499', '500', '503']);
      });

      it('errors are those that the client saw as 5xx, by class', () => {
        assert.deepEqual(seriesOf(samples, 'errors_total'), {
          'endpoint="/failures/throws/:id",error_type="TypeError"': 60,
          'endpoint="/failures/rejects/:id",error_type="RangeError"': 40,
          'endpoint="/failures/answers/:id",error_type="HttpServerError"': 20,
        });
      });
    });
  }

  it('300 random paths that do not exist are one series, not 300', async () => {
    const app = await startApp('http-app.js');
    try {
      const unknown = { share: 300, path: '/ID', endpoint: 'unmatched' };
      const before = await scrape(app.port);
      await sendAll(
        app.port,
        Array.from({ length: 300 }, () => unknown),
      );
      const after = await scrapeUntil(app.port, (now) => counted(now) >= 300);
      const added = [...after.keys()].filter((series) => series.startsWith('http_requests_total') && !before.has(series));
      assert.deepEqual(added, ['http_requests_total{endpoint="unmatched",method="GET",status="404"}']);
      assert.equal(after.get(added[0]!), 300);
    } finally {
      await app.stop();
    }
  });
});
