// Asks a Prometheus.

import { keyOf, type Labels } from '../../src/promql/labels';

export interface Result {
  readonly metric: Labels;
  readonly value?: readonly [time: number, value: string];
  readonly values?: readonly (readonly [time: number, value: string])[];
}

/** @param at in ms */
export async function ask(url: string, query: string, at: number): Promise<readonly Result[]> {
  const body = new URLSearchParams({ query, time: String(at / 1000) });
  const answer = (await (await fetch(`${url}/api/v1/query`, { method: 'POST', body })).json()) as Answer;
  if (answer.status !== 'success') throw new Error(`${query}: ${answer.error}`);
  const { result, resultType } = answer.data;
  return resultType === 'scalar' ? [{ metric: {}, value: result as unknown as [number, string] }] : result;
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly resultType: string; readonly result: readonly Result[] };
}

/** What a sample is of, without what Prometheus adds. */
export function series(labels: Labels): string {
  const own = Object.keys(labels).filter((name) => !['job', 'instance', '__name__'].includes(name));
  return keyOf(labels, own.sort());
}
