import type { Queries } from '../database';
import type { NewEarning, Platform } from '../platforms';

export interface Earning {
  id: number;
  userId: number;
  platform: Platform;
  amountCents: number;
  /** As `2026-01-31`. */
  earnedOn: string;
}

const COLUMNS = `id, user_id AS "userId", platform, amount_cents AS "amountCents", earned_on::text AS "earnedOn"`;

export function listEarnings(queries: Queries, userId: number, limit: number): Promise<Earning[]> {
  return queries.query<Earning>(`SELECT ${COLUMNS} FROM earnings WHERE user_id = $1 ORDER BY earned_on DESC, id DESC LIMIT $2`, [userId, limit]);
}

export function latestEarnings(queries: Queries, limit: number): Promise<Earning[]> {
  return queries.query<Earning>(`SELECT ${COLUMNS} FROM earnings ORDER BY id DESC LIMIT $1`, [limit]);
}

/** Adds the missing earnings, and returns these. */
export function addEarnings(queries: Queries, userId: number, earnings: NewEarning[]): Promise<Earning[]> {
  return queries.query<Earning>(
    `INSERT INTO earnings (user_id, platform, external_id, amount_cents, earned_on)
     SELECT $1, platform, "externalId", "amountCents", "earnedOn"
     FROM jsonb_to_recordset($2::jsonb) AS given (platform text, "externalId" text, "amountCents" integer, "earnedOn" date)
     ON CONFLICT (platform, external_id) DO NOTHING
     RETURNING ${COLUMNS}`,
    [userId, JSON.stringify(earnings)],
  );
}
