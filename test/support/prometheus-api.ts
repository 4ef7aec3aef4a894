// What the tests and the pictures ask a Prometheus.

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

export interface Series {
  readonly labels: Labels;
  /** By time, in seconds since 1970. */
  readonly values: readonly (readonly [seconds: number, value: number])[];
}

interface Result {
  readonly metric: Labels;
  readonly value: [number, string];
  readonly values: [number, string][];
}

export class PrometheusApi {
  constructor(readonly url: string) {}

  async query(query: string, time = Date.now() / 1000): Promise<Sample[]> {
    const { result } = (await this.get('query', { query, time: String(time) })) as { result: Result[] };
    return result.map(({ metric, value }) => ({ labels: metric, value: number(value[1]) }));
  }

  async range(query: string, { start, end, step }: { start: number; end: number; step: number }): Promise<Series[]> {
    const { result } = (await this.get('query_range', { query, start: String(start), end: String(end), step: String(step) })) as { result: Result[] };
    return result.map(({ metric, values }) => ({ labels: metric, values: values.map(([at, value]) => [at, number(value)] as const) }));
  }

  /** The `data` of an answer. @throws with Prometheus's own words */
  async get(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const { data, error } = (await response.json()) as { data?: unknown; error?: string };
    if (error !== undefined) throw new Error(`${error}, in ${parameters.query ?? path}`);
    return data;
  }
}

/** As Prometheus writes them: NaN, +Inf. */
const number = (text: string): number => (text.endsWith('Inf') ? Number(`${text}inity`) : Number(text));
