import type { Database, Queries } from '../database';

export interface Payout {
  id: number;
  userId: number;
  amountCents: number;
  status: 'pending' | 'sent' | 'failed';
}

const COLUMNS = 'id, user_id AS "userId", amount_cents AS "amountCents", status';

export function listPayouts(queries: Queries, userId: number): Promise<Payout[]> {
  return queries.query<Payout>(`SELECT ${COLUMNS} FROM payouts WHERE user_id = $1 ORDER BY id DESC LIMIT 50`, [userId]);
}

export async function findPayout(queries: Queries, id: number): Promise<Payout | undefined> {
  const [payout] = await queries.query<Payout>(`SELECT ${COLUMNS} FROM payouts WHERE id = $1`, [id]);
  return payout;
}

/** @returns undefined if the user has earned less */
export function requestPayout(database: Database, userId: number, amountCents: number): Promise<Payout | undefined> {
  return database.transaction(async (queries) => {
    // The user's row is the lock: two requests at once must not spend the same money.
    await queries.query('SELECT id FROM users WHERE id = $1 FOR UPDATE', [userId]);
    if ((await balance(queries, userId)) < amountCents) return undefined;
    const [payout] = await queries.query<Payout>(`INSERT INTO payouts (user_id, amount_cents) VALUES ($1, $2) RETURNING ${COLUMNS}`, [
      userId,
      amountCents,
    ]);
    return payout;
  });
}

async function balance(queries: Queries, userId: number): Promise<number> {
  const sum = async (text: string): Promise<number> => (await queries.query<{ cents: number }>(text, [userId]))[0]!.cents;
  const earned = await sum('SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM earnings WHERE user_id = $1');
  const paid = await sum(`SELECT coalesce(sum(amount_cents), 0)::int AS cents FROM payouts WHERE user_id = $1 AND status <> 'failed'`);
  return earned - paid;
}

export async function settlePayout(queries: Queries, id: number, status: 'sent' | 'failed'): Promise<void> {
  await queries.query('UPDATE payouts SET status = $2, settled_at = now() WHERE id = $1', [id, status]);
}
