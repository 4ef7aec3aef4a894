// An application that nobody here wrote, from npm, untouched: Unleash, an ES module on Express 4, knex and pg.

import assert from 'node:assert/strict';
import path from 'node:path';
import { freePort, npmPackages } from '@earntrack/local-servers';
import { fixtures, startApp, type App } from '../support/app';
import { Database } from '../support/database';
import { scrape, seriesOf, type Samples } from '../support/exposition';
import { answers, ask } from '../support/reachable';

const TOKEN = '*:*.an-admin-token-of-this-test';
const FEATURES = '/api/admin/projects/default/features';
const QUIET_MS = 15_000;

type Counts = Readonly<Record<string, number>>;

describe('Unleash with the preload', () => {
  let database: Database;
  let app: App;
  let port: number;

  before(async function () {
    this.timeout(300_000);
    const packages = await npmPackages('foreign-app-postgres', path.join(fixtures, 'foreign-app-postgres'), console.log);
    database = await Database.create();
    port = await freePort();
    app = await startApp(path.join(packages, 'unleash-server/dist/server.js'), {
      silent: true,
      env: {
        HTTP_PORT: String(port),
        DATABASE_URL: database.url,
        DATABASE_SSL: 'false',
        INIT_ADMIN_API_TOKENS: TOKEN,
        LOG_LEVEL: 'warn',
        // It stays on this machine.
        CHECK_VERSION: 'false',
        SEND_TELEMETRY: 'false',
      },
    });
    await answers(port, '/health');
  });
  after(async () => {
    await app?.stop();
    await database?.drop();
  });

  const send = async (method: string, path: string, body?: object): Promise<number> => {
    const headers = { authorization: TOKEN, 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, body: body && JSON.stringify(body) });
    await response.arrayBuffer();
    return response.status;
  };

  /** A scrape at a moment at which PostgreSQL counted nothing: Unleash works in the background, too. */
  const momentOf = async (isSame: (samples: Samples, calls: Counts) => boolean): Promise<[Samples, Counts]> => {
    for (const end = Date.now() + QUIET_MS; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const before = await database.callsByLabels();
      const samples = await scrape(port);
      const calls = await database.callsByLabels();
      const quiet = JSON.stringify(calls) === JSON.stringify(before);
      if ((quiet && isSame(samples, calls)) || Date.now() > end) return [samples, calls];
    }
  };

  it('has its requests, by template, and its queries counted exactly', async () => {
    await database.forget();
    const [start] = await momentOf((_, calls) => Object.keys(calls).length === 0);

    for (const name of ['one', 'two', 'three']) assert.equal(await send('POST', FEATURES, { name }), 201);
    for (const name of ['one', 'two', 'three', 'one']) assert.equal(await send('GET', `${FEATURES}/${name}`), 200);
    for (const name of ['four', 'five']) assert.equal(await send('GET', `${FEATURES}/${name}`), 404);
    assert.equal(await send('POST', `${FEATURES}/one/environments/development/on`), 200);
    assert.equal(await send('GET', FEATURES), 200);
    assert.equal((await ask(port, '/health')).status, 200);

    const queries = 'database_query_duration_ms_count';
    const [samples, calls] = await momentOf((now, calls) => total(increase(now, start, queries)) === total(calls));
    assert.deepEqual(increase(samples, start, queries), calls);
    assert.ok(total(calls) > 30, 'the requests have reached PostgreSQL');
    const feature = '/api/admin/projects/:projectId/features';
    assert.deepEqual(increase(samples, start, 'http_requests_total'), {
      'endpoint="/health",method="GET",status="200"': 1,
      [`endpoint="${feature}",method="GET",status="200"`]: 1,
      [`endpoint="${feature}",method="POST",status="201"`]: 3,
      [`endpoint="${feature}/:featureName",method="GET",status="200"`]: 4,
      [`endpoint="${feature}/:featureName",method="GET",status="404"`]: 2,
      [`endpoint="${feature}/:featureName/environments/:environment/on",method="POST",status="200"`]: 1,
    });
    assert.deepEqual(app.log(), []);
  });
});

function increase(now: Samples, then: Samples, name: string): Counts {
  const before = seriesOf(then, name);
  const increases = Object.entries(seriesOf(now, name)).map(([series, count]): [string, number] => [series, count - (before[series] ?? 0)]);
  return Object.fromEntries(increases.filter(([, count]) => count !== 0));
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
