// The backend's PostgreSQL and Redis: the servers in DATABASE_URL and REDIS_URL, else servers of our own.

import { type Postgres, type Redis, startPostgres, startRedis } from '@earntrack/local-servers';

type Say = (line: string) => void;

/** @throws a line if there is no PostgreSQL */
export async function openPostgres(say: Say): Promise<Postgres> {
  const postgres = await startPostgres();
  say(`PostgreSQL  ${address(postgres)}`);
  return postgres;
}

/** @returns undefined without a Redis; `say` then receives the remedy */
export async function openRedis(say: Say): Promise<Redis | undefined> {
  try {
    const redis = await startRedis({ say });
    say(`Redis       ${address(redis)}`);
    return redis;
  } catch (error) {
    say(`Redis       ${(error as Error).message}`);
    say('            The backend runs without cache and without jobs.');
    return undefined;
  }
}

function address({ url, owned }: { url: string; owned: boolean }): string {
  return `${new URL(url).host}, ${owned ? 'started for this run' : 'as the environment names it'}`;
}
