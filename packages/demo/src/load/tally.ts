// What the load driver itself counted: the other side of the comparison with the metrics.

export class Tally {
  /** Requests answered, by `METHOD status endpoint`. */
  readonly answered = new Map<string, number>();
  /** Requests that ended without an answer, by reason. */
  readonly unanswered = new Map<string, number>();
  socketsOpened = 0;
  readonly #durations = new Map<string, Durations>();

  answer(method: string, status: number, endpoint: string, ms: number): void {
    increment(this.answered, `${method} ${status} ${endpoint}`);
    const key = `${method} ${endpoint}`;
    const durations = this.#durations.get(key) ?? new Durations();
    durations.add(ms);
    this.#durations.set(key, durations);
  }

  noAnswer(reason: string): void {
    increment(this.unanswered, reason);
  }

  /** In milliseconds; undefined if there was no such request. */
  p95(method: string, endpoint: string): number | undefined {
    return this.#durations.get(`${method} ${endpoint}`)?.quantile(0.95);
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Any number of durations in little room: counted by logarithm, within 1 %. */
class Durations {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(ms: number): void {
    const step = Math.round(Math.log(Math.max(ms, 0.01)) * 100);
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1);
    this.#total += 1;
  }

  quantile(quantile: number): number {
    let left = quantile * this.#total;
    for (const [step, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.exp(step / 100);
    }
    return NaN;
  }
}
