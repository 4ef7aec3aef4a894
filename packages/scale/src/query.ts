// Asks Prometheus, or a server with Prometheus's API.

export interface Found {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [time: number, value: string];
  readonly values?: readonly (readonly [time: number, value: string])[];
}

/**
 * The result of a query now.
 *
 * @param api the address of the endpoint `query`
 * @throws with the status and the server's own words in place of a result
 */
export async function resultOf(api: string, query: string): Promise<readonly Found[]> {
  const response = await fetch(api, { method: 'POST', body: new URLSearchParams({ query }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
  return (JSON.parse(text) as { data: { result: readonly Found[] } }).data.result;
}
