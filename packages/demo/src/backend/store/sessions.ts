// Sessions are made by the sign-in service; this API reads them, and notes when they were last used.

import type { Queries } from '../database';

/** All strings, since a session is cached as a hash. */
export type Session = Record<'userId' | 'name' | 'currency', string>;

export async function useSession(queries: Queries, token: string): Promise<Session | undefined> {
  const [session] = await queries.query<Session>(
    `UPDATE sessions SET last_seen_at = now() FROM users
     WHERE sessions.token = $1 AND sessions.expires_at > now() AND users.id = sessions.user_id
     RETURNING users.id::text AS "userId", users.name, users.currency`,
    [token],
  );
  return session;
}

/** Users seen in the last five minutes. */
export async function countActiveUsers(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ count: number }>(
    `SELECT count(DISTINCT user_id)::int AS count FROM sessions WHERE last_seen_at > now() - interval '5 minutes'`,
  );
  return row?.count ?? 0;
}
