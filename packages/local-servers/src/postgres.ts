// A real PostgreSQL: the server in DATABASE_URL, else a server of our own, thrown away at the end.
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { unprivilegedAccount, type Account } from './account';
import { onFreePort } from './free-port';
import { copyPostgresPrograms } from './postgres-programs';
import { startServer } from './server-process';
import { ServerUnavailable } from './server-unavailable';
import type { WatchedFolder } from './watched-folder';

export interface PostgresOptions {
  /** Server settings beside ours, as `{ shared_preload_libraries: 'pg_stat_statements' }`. A server in DATABASE_URL ignores them. */
  settings?: Record<string, string | number>;
  /** The database to make and to name in the url (default `postgres`). A server in DATABASE_URL keeps the url's. */
  database?: string;
  /** Start a server of our own even if DATABASE_URL is set. */
  fresh?: boolean;
}

export interface Postgres {
  /** `postgres://user:password@host:port/database`; ours is a superuser's. */
  readonly url: string;
  /** False for the server in DATABASE_URL, which is neither stopped nor wiped. */
  readonly owned: boolean;
  /** Ends our server at once, with its connections, and removes its data; does nothing to another's. Safe to call twice. */
  stop(): Promise<void>;
}

// The data is thrown away: nothing has to survive a crash of the machine.
const SETTINGS: Record<string, string | number> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: 200,
};

/**
 * A running PostgreSQL on this machine, or the server in `DATABASE_URL`.
 *
 * @throws {ServerUnavailable} if DATABASE_URL does not answer, or no server of our own can run here
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const given = process.env.DATABASE_URL;
  if (given && !options.fresh) return useGiven(given);
  try {
    return await onFreePort((port) => startOwn(options, port));
  } catch (thrown) {
    throw new ServerUnavailable(`no PostgreSQL: ${(thrown as Error).message}; set DATABASE_URL to one that runs`);
  }
}

async function useGiven(url: string): Promise<Postgres> {
  try {
    await query(url, 'SELECT 1');
  } catch (thrown) {
    throw new ServerUnavailable(`DATABASE_URL is set, but the server that it names cannot be used: ${reason(thrown)}; start it, or unset it`);
  }
  return { url, owned: false, stop: async () => {} };
}

async function startOwn({ settings, database = 'postgres' }: PostgresOptions, port: number): Promise<Postgres> {
  const account = unprivilegedAccount();
  const folder = await copyPostgresPrograms(account);
  const password = crypto.randomBytes(12).toString('hex');
  await initialise(folder, account, password).catch(async (thrown: unknown) => {
    await folder.remove();
    throw thrown;
  });
  const url = (name: string): string => `postgres://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(name)}`;
  const stop = await startServer({
    command: path.join(folder.path, 'bin', 'postgres'),
    args: ['-D', 'data', '-p', String(port), ...flags({ ...SETTINGS, ...settings })],
    folder,
    account,
    stopSignal: 'SIGINT', // "fast shutdown": ends the connections first.
    ready: () =>
      query(url('postgres'), 'SELECT 1').then(
        () => true,
        () => false,
      ),
  });
  try {
    if (database !== 'postgres') await query(url('postgres'), `CREATE DATABASE "${database.replaceAll('"', '""')}"`);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { url: url(database), owned: true, stop };
}

/** Any user of this machine can reach a port on loopback, and a superuser's SQL can run programs: hence a password, not `trust`. */
async function initialise(folder: WatchedFolder, account: Account, password: string): Promise<void> {
  const passwordFile = path.join(folder.path, 'password');
  await fs.promises.writeFile(passwordFile, password);
  if (account.uid !== undefined) await fs.promises.chown(passwordFile, account.uid, account.gid!);
  const args = ['-D', 'data', '-U', 'postgres', '--auth=scram-sha-256', '--pwfile=password', '--encoding=UTF8', '--no-locale', '--no-sync'];
  const program = path.join(folder.path, 'bin', 'initdb');
  const running = promisify(execFile)(program, args, { cwd: folder.path, env: { PATH: process.env.PATH }, ...account });
  if (running.child.pid) folder.usedBy(running.child.pid, 'SIGTERM');
  await running;
  await fs.promises.rm(passwordFile);
}

function flags(settings: Record<string, string | number>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => {});
  }
}

function reason(thrown: unknown): string {
  // A refused connection to a name with two addresses is an AggregateError with an empty message.
  const error = thrown instanceof AggregateError ? (thrown.errors[0] as Error) : (thrown as Error);
  return error.message;
}
