// The load driver's own counts: the opposite side of the comparison with the metrics.

export class Tally {
  /** Requests answered, by `METHOD status endpoint`. */
  readonly answered = new Map<string, number>();
  /** Requests that ended without an answer, by reason. */
  readonly unanswered = new Map<string, number>();
  socketsOpened = 0;

  answer(method: string, status: number, endpoint: string): void {
    increment(this.answered, `${method} ${status} ${endpoint}`);
  }

  noAnswer(reason: string): void {
    increment(this.unanswered, reason);
  }
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
