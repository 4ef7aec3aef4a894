// The servers that tests run against, handed on as TEST_DATABASE_URL and TEST_REDIS_URL: one PostgreSQL for a whole run, in which each test makes
// its own database, and a Redis for each lane of test files, since tests empty it.
import { createRequire } from 'node:module';

const { startPostgres, startRedis } = createRequire(import.meta.url)('../packages/local-servers');

/**
 * Starts them; `lanes` are the environments of the tests, and `stop` ends what was started. A Redis that the environment names is the only one.
 * Rejects with a ServerUnavailable if one cannot be had.
 */
export async function startServers(count = 1) {
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_utility': 'on' };
  const [postgres, first] = await Promise.all([startPostgres({ settings }), startRedis({ say: console.log })]);
  const more = await Promise.all(Array.from({ length: first.owned ? count - 1 : 0 }, () => startRedis()));
  const lanes = [first, ...more].map((redis) => ({ TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url }));
  return { lanes, env: lanes[0], stop: () => Promise.all([postgres, first, ...more].map((server) => server.stop())) };
}

/** The environment of a program that runs tests: those hand their programs exactly the addresses that they mean. */
export function testEnvironment(added) {
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
  return { ...inherited, ...added };
}
