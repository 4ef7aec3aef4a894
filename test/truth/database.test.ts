// What PostgreSQL counted itself (pg_stat_statements) against what the preload says, and a ledger for what PostgreSQL cannot know.

import assert from 'node:assert/strict';
import { startApp, type App } from '../support/app';
import { Database, sorted } from '../support/database';
import { scrape, seriesOf, type Samples } from '../support/exposition';

const COUNT = 'database_query_duration_ms_count';

describe('Database metrics against PostgreSQL', () => {
  for (const fixture of ['database-queries.cjs', 'database-queries.mjs']) {
    it(`agree with pg_stat_statements on every successful single statement: ${fixture}`, async () => {
      const database = await Database.create();
      const app = await startApp(fixture, { env: { DATABASE_URL: database.url } });
      try {
        const samples = await scrape(app.port);
        const expected = await database.callsByLabels();
        assert.ok(Object.keys(expected).length > 20, 'the workload has reached PostgreSQL');
        assert.deepEqual(seriesOf(samples, COUNT), expected);
        assert.deepEqual(app.log(), []);
      } finally {
        await app.stop();
        await database.drop();
      }
    });
  }
});

describe('Failed, slow and several statements', () => {
  let database: Database;
  let app: App;
  let samples: Samples;
  before(async () => {
    database = await Database.create();
    app = await startApp('database-ledger.cjs', { env: { DATABASE_URL: database.url } });
    samples = await scrape(app.port);
  });
  after(async () => {
    await app?.stop();
    await database?.drop();
  });

  it('are counted once a call, as the ledger has it', () => {
    assert.deepEqual(
      seriesOf(samples, COUNT),
      sorted({
        'create once': 1,
        'select missing': 3,
        'update Missing': 2,
        'delete once': 4,
        // Five that do not parse, an undefined one, BEGIN, ROLLBACK and the empty text.
        'other none': 9,
        'delete nowhere': 6,
        // The one that fails, and seven texts that begin with BEGIN.
        'insert once': 8,
        // In the failed transaction, and two on the connection that dies.
        'select once': 3,
        'select naps': 5,
        'update naps': 3,
        'select none': 1,
      }),
    );
  });

  it('are slow above 100 ms', () => {
    const slow = seriesOf(samples, 'slow_queries_total');
    assert.equal(slow['query_type="select",table="naps"'], 5);
    assert.equal(slow['query_type="update",table="naps"'], 3);
  });

  it('are slow exactly when they are not in the buckets up to 100 ms', () => {
    const slow = seriesOf(samples, 'slow_queries_total');
    const fast = seriesOf(samples, 'database_query_duration_ms_bucket');
    const derived = Object.entries(seriesOf(samples, COUNT)).map(([labels, count]) => [labels, count - fast[`le="100",${labels}`]!]);
    assert.deepEqual(slow, Object.fromEntries(derived));
  });

  it('are slow above SLOW_QUERY_MS where that is set', async () => {
    const own = await Database.create();
    const patient = await startApp('database-ledger.cjs', { env: { DATABASE_URL: own.url, SLOW_QUERY_MS: '60000' } });
    try {
      const slow = seriesOf(await scrape(patient.port), 'slow_queries_total');
      assert.equal(slow['query_type="select",table="naps"'], 0);
    } finally {
      await patient.stop();
      await own.drop();
    }
  });
});

describe('A program with database queries', () => {
  let database: Database;
  before(async () => void (database = await Database.create()));
  after(() => database?.drop());

  it('ends as without us when a query fails that nobody handles', async () => {
    const [bare, preloaded] = [await runToEnd('database-unhandled.cjs', database.url, []), await runToEnd('database-unhandled.cjs', database.url)];
    assert.equal(bare.code, 1);
    assert.equal(preloaded.code, 1);
    assert.match(bare.stderr, /relation "nobody_handles_this" does not exist/);
    assert.equal(firstLineOfError(preloaded.stderr), firstLineOfError(bare.stderr));
  });

  it('ends by itself when its work is done', async () => {
    const { code, stdout } = await runToEnd('database-ends.cjs', database.url);
    assert.equal(code, 0);
    assert.match(stdout, /got 1/);
  });
});

async function runToEnd(fixture: string, url: string, flags?: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const app = await startApp(fixture, { silent: true, env: { DATABASE_URL: url }, ...(flags && { flags }) });
  const { code } = await app.exited;
  return { code, stdout: app.stdout(), stderr: app.stderr() };
}

function firstLineOfError(stderr: string): string | undefined {
  return stderr.split('\n').find((line) => line.startsWith('error: '));
}
