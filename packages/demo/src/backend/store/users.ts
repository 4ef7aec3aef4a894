import type { Queries } from '../database';

export const CURRENCIES = ['USD', 'EUR', 'GBP', 'CAD'] as const;
export type Currency = (typeof CURRENCIES)[number];

export interface User {
  id: number;
  name: string;
  email: string;
  currency: Currency;
}

const COLUMNS = 'id, name, email, currency';

export function listUsers(queries: Queries, limit: number): Promise<User[]> {
  return queries.query<User>(`SELECT ${COLUMNS} FROM users ORDER BY id LIMIT $1`, [limit]);
}

export function findUsers(queries: Queries, ids: number[]): Promise<User[]> {
  return queries.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = ANY($1)`, [ids]);
}

export async function findUser(queries: Queries, id: number): Promise<User | undefined> {
  const [user] = await queries.query<User>(`SELECT ${COLUMNS} FROM users WHERE id = $1`, [id]);
  return user;
}

/** @returns undefined if the email is taken */
export async function createUser(queries: Queries, user: Omit<User, 'id'>): Promise<User | undefined> {
  const [created] = await queries.query<User>(
    `INSERT INTO users (name, email, currency) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING RETURNING ${COLUMNS}`,
    [user.name, user.email, user.currency],
  );
  return created;
}

export async function renameUser(queries: Queries, id: number, name: string): Promise<User | undefined> {
  const [user] = await queries.query<User>(`UPDATE users SET name = $2 WHERE id = $1 RETURNING ${COLUMNS}`, [id, name]);
  return user;
}
