import type { Queries } from '../database';
import type { Platform } from '../platforms';

export interface PlatformTotal {
  platform: Platform;
  earnings: number;
  amountCents: number;
}

export interface Report {
  id: number;
  month: string;
  amountCents: number;
  platforms: PlatformTotal[];
}

const TOTALS = `platform, count(*)::int AS earnings, sum(amount_cents)::int AS "amountCents"`;
const COLUMNS = `id, to_char(month, 'YYYY-MM') AS month, amount_cents AS "amountCents", platforms`;

/** A user's earnings in a month (`2026-01`), by platform. */
export function monthByPlatform(queries: Queries, userId: number, month: string): Promise<PlatformTotal[]> {
  return queries.query<PlatformTotal>(
    `SELECT ${TOTALS} FROM earnings
     WHERE user_id = $1 AND earned_on >= $2::date AND earned_on < $2::date + interval '1 month'
     GROUP BY platform ORDER BY platform`,
    [userId, `${month}-01`],
  );
}

/** All users' earnings in a month, by platform. */
export function allByPlatform(queries: Queries, month: string): Promise<PlatformTotal[]> {
  return queries.query<PlatformTotal>(
    `SELECT ${TOTALS} FROM earnings
     WHERE earned_on >= $1::date AND earned_on < $1::date + interval '1 month'
     GROUP BY platform ORDER BY platform`,
    [`${month}-01`],
  );
}

export async function saveReport(queries: Queries, userId: number, month: string, platforms: PlatformTotal[]): Promise<void> {
  const total = platforms.reduce((sum, { amountCents }) => sum + amountCents, 0);
  await queries.query(
    `INSERT INTO reports (user_id, month, amount_cents, platforms) VALUES ($1, $2, $3, $4::jsonb)
     ON CONFLICT (user_id, month) DO UPDATE
     SET amount_cents = excluded.amount_cents, platforms = excluded.platforms, built_at = now()`,
    [userId, `${month}-01`, total, JSON.stringify(platforms)],
  );
}

export function listReports(queries: Queries, userId: number): Promise<Report[]> {
  return queries.query<Report>(`SELECT ${COLUMNS} FROM reports WHERE user_id = $1 ORDER BY month DESC LIMIT 24`, [userId]);
}
