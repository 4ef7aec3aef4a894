import type { Queries } from '../database';

/** Units of each currency that a unit of the base buys. */
export type Rates = Record<string, number>;

export async function findRates(queries: Queries, base: string): Promise<Rates | undefined> {
  const rows = await queries.query<{ quote: string; rate: string }>('SELECT quote, rate FROM rates WHERE base = $1', [base]);
  return rows.length > 0 ? Object.fromEntries(rows.map(({ quote, rate }) => [quote, Number(rate)])) : undefined;
}
