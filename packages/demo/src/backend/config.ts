// The backend's settings, from the environment. Nothing else reads the environment.

/** The settings of the backend. */
export interface Config {
  /** PORT of the API (3001). */
  readonly port: number;
  /** DATABASE_URL of PostgreSQL. */
  readonly databaseUrl: string;
  /** REDIS_URL; unset: the backend runs without a cache and without jobs. */
  readonly redisUrl: string | undefined;
  /** REDIS_PREFIX of every key, for a Redis with several users. */
  readonly redisPrefix: string;
  /** SAMPLE_DATA=true: fill an empty database with people to try the API with. */
  readonly sampleData: boolean;
  /** PAYMENTS_URL of the payment provider's API; unset: nobody is paid. */
  readonly paymentsUrl?: string;
}

/** @throws an Error with the name of the missing or wrong variable */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const port = Number(env.PORT || 3001);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`PORT must be a port number, not "${env.PORT}"`);
  if (!env.DATABASE_URL) throw new Error('DATABASE_URL is not set, for example postgres://user:password@localhost:5432/earntrack');
  return {
    port,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL || undefined,
    redisPrefix: env.REDIS_PREFIX ?? '',
    sampleData: env.SAMPLE_DATA === 'true',
    ...(env.PAYMENTS_URL && { paymentsUrl: env.PAYMENTS_URL }),
  };
}
