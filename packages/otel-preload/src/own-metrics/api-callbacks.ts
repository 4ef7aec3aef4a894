// The app's callbacks for observable instruments of @opentelemetry/api. A collection calls each callback by itself, and does not wait long.

import { after } from '../later';
import { reason } from '../log';
import type { ApiMetric, ApiSeries } from './api-metric';
import type { Losses } from '../instruments/losses';
import type { Faults } from './faults';

/** The time for a callback, in ms; some scrapers wait 5 s for the whole answer. */
const PATIENCE_MS = 3000;
/** After this time, an unfinished callback is called anew: the answer may be lost. */
const LOST_MS = 60_000;
/** More callbacks than any app's code holds; an app with more adds a callback at each request. */
const MOST_CALLBACKS = 1000;

/** An observable instrument, as made by a meter. */
export interface Observed {
  readonly metric: ApiMetric;
  readonly meter: string;
  /** Values as ValueType.INT has them. */
  readonly isInteger: boolean;
}

export type Observe = (observed: Observed | undefined, value: unknown, attributes: unknown) => void;
/** Calls the app's callback with a result object, and passes the observations to `observe`. */
type Call = (observe: Observe) => unknown;

interface Registered {
  readonly callback: unknown;
  readonly observed: readonly Observed[];
  readonly call: Call;
  /** The start of an unfinished call; undefined if no call is unfinished. */
  askedAt: number | undefined;
}

type Values = Map<ApiSeries, number>;

export class ApiCallbacks {
  #registered: Registered[] = [];

  constructor(
    private readonly losses: Losses,
    private readonly faults: Faults,
  ) {}

  /** The same callback for the same instruments is asked once. */
  add(callback: unknown, observed: readonly Observed[], call: Call): void {
    if (observed.length === 0 || this.#registered.some((known) => isSame(known, callback, observed))) return;
    const fault =
      typeof callback !== 'function' ? 'is no function' : this.#registered.length >= MOST_CALLBACKS ? `is one of more than ${MOST_CALLBACKS}` : '';
    if (fault === '') this.#registered.push({ callback, observed, call, askedAt: undefined });
    else this.#refuse(observed, `has a callback that ${fault}, which is left out`);
  }

  remove(callback: unknown, observed: readonly Observed[]): void {
    this.#registered = this.#registered.filter((known) => !isSame(known, callback, observed));
  }

  /** Calls all callbacks. Never rejects: a failed or slow call has no observations in this collection. */
  async observe(): Promise<void> {
    for (const { observed } of this.#registered) for (const { metric } of observed) metric.observed.clear();
    const runs = this.#registered.flatMap((one) => this.#ask(one) ?? []);
    const waiting = runs.flatMap(({ end }) => end ?? []);
    if (waiting.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => (timer = after('waiting for callbacks', PATIENCE_MS, resolve)));
    await Promise.race([Promise.all(waiting), patience]);
    clearTimeout(timer);
    for (const run of runs) run.close();
  }

  /** Undefined while the callback's last call is unfinished. */
  #ask(one: Registered): Run | undefined {
    if (one.askedAt === undefined || performance.now() - one.askedAt > LOST_MS) return new Run(one, (why) => this.#failed(one, why));
    this.losses.collectFailed();
    return undefined;
  }

  #failed({ observed }: Registered, why: string): void {
    this.losses.collectFailed();
    for (const { metric } of observed) this.faults.say(metric.name, `could not be read, and may be missing: ${why}`);
  }

  #refuse(observed: readonly Observed[], what: string): void {
    this.losses.count('wrong_use');
    this.faults.say(observed[0]?.metric.name, what);
  }
}

/** A call of a callback. The call's observations count once the call has ended well; later observations do not count. */
class Run {
  /** Undefined if the call has ended already. */
  readonly end: Promise<void> | undefined;
  #isOpen = true;
  readonly #into = new Map<Observed, { readonly values: Values; readonly folded: Values }>();

  constructor(
    private readonly one: Registered,
    private readonly onFault: (why: string) => void,
  ) {
    try {
      const result = one.call((observed, value, attributes) => this.#take(observed, value, attributes));
      if (typeof result === 'object' && result !== null) this.end = this.#until(result as PromiseLike<unknown>);
      else this.#done();
    } catch (thrown) {
      this.#isOpen = false;
      onFault(reason(thrown));
    }
  }

  /** Gives up an unfinished call. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.onFault(`its callback takes longer than ${PATIENCE_MS / 1000} s`);
  }

  async #until(result: PromiseLike<unknown>): Promise<void> {
    const askedAt = (this.one.askedAt = performance.now());
    try {
      await result;
      if (this.#isOpen) this.#done();
    } catch (thrown) {
      if (this.#isOpen) this.onFault(reason(thrown));
      this.#isOpen = false;
    } finally {
      if (this.one.askedAt === askedAt) this.one.askedAt = undefined;
    }
  }

  #take(observed: Observed | undefined, value: unknown, attributes: unknown): void {
    if (observed === undefined || !this.one.observed.includes(observed)) return;
    const { metric, isInteger } = observed;
    if (!this.#isOpen) return metric.refuse('wrong_use', 'is observed after the collection that its callback was asked for, which is left out');
    let into = this.#into.get(observed);
    if (into === undefined) this.#into.set(observed, (into = { values: new Map(), folded: new Map() }));
    metric.observe(isInteger && typeof value === 'number' ? Math.trunc(value) : value, attributes, into.values, into.folded);
  }

  #done(): void {
    this.#isOpen = false;
    for (const [{ metric, meter }, { values, folded }] of this.#into) {
      const known = metric.observed.get(meter) ?? new Map<ApiSeries, number>();
      metric.observed.set(meter, known);
      for (const [series, value] of values) known.set(series, value);
      for (const [series, value] of folded) known.set(series, (known.get(series) ?? 0) + value);
    }
  }
}

function isSame(known: Registered, callback: unknown, observed: readonly Observed[]): boolean {
  return known.callback === callback && known.observed.length === observed.length && known.observed.every((one) => observed.includes(one));
}
