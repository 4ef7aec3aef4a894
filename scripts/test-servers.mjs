// The servers that tests run against: one PostgreSQL and one Redis for a whole run, handed on as TEST_DATABASE_URL and TEST_REDIS_URL.
import { createRequire } from 'node:module';

const { startPostgres, startRedis } = createRequire(import.meta.url)('../packages/local-servers');

/** Starts both; `env` is for the tests, and `stop` ends what was started. Rejects with a ServerUnavailable if one cannot be had. */
export async function startServers() {
  const settings = { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_utility': 'on' };
  const [postgres, redis] = await Promise.all([startPostgres({ settings }), startRedis({ say: console.log })]);
  const env = { TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url };
  return { env, stop: () => Promise.all([postgres.stop(), redis.stop()]) };
}

/** The environment of a program that runs tests: those hand their programs exactly the addresses that they mean. */
export function testEnvironment(added) {
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
  return { ...inherited, ...added };
}
