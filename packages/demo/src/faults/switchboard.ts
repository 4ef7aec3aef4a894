// The active faults, and their ends. Only the demo has any.

export const FAULTS = ['errors', 'slow-queries', 'flushed-cache', 'failing-jobs'] as const;
export type Fault = (typeof FAULTS)[number];

/** How often things go wrong: always a little, as in life, and much more while the fault is on. */
const SHARES: Record<Fault, { rest: number; on: number }> = {
  errors: { rest: 0.0005, on: 0.15 },
  'slow-queries': { rest: 0.04, on: 0.8 },
  'flushed-cache': { rest: 0, on: 1 },
  'failing-jobs': { rest: 0.05, on: 0.85 },
};

export class Switchboard {
  readonly #until = new Map<Fault, number>();

  turnOn(fault: Fault, seconds: number): void {
    this.#until.set(fault, Date.now() + seconds * 1_000);
  }

  /** Whether the fault strikes this time. */
  strikes(fault: Fault): boolean {
    const on = (this.#until.get(fault) ?? 0) > Date.now();
    return Math.random() < SHARES[fault][on ? 'on' : 'rest'];
  }
}
