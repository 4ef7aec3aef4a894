// The meters for an app without a MeterProvider. Without the preload, such an app's instruments measure nothing and never throw; with the
// preload, the instruments measure, and still never throw, no matter the arguments.
//
// Not the SDK's meters: the SDK keeps every value and attribute for ever, unchecked (a NaN, an object, a thousand more series at each scrape).

import type { Meter, MeterProvider } from '@opentelemetry/api';
import { ValueType } from '@opentelemetry/api';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { exposedName } from '../exposition/foreign';
import { guarded } from '../log';
import { ApiCallbacks, type Observed } from './api-callbacks';
import { type ApiLimits, ApiMetric } from './api-metric';
import { BOUNDARIES, helpOf, MOST_BOUNDARIES } from './app-metrics';
import type { MetricNames, NamedKind } from './metric-names';

/** OpenTelemetry's own limit. */
const LONGEST_UNIT = 63;

/** Any of the API's instruments. */
type Instrument = Readonly<Record<string, (...given: any[]) => void>>;
type Create = (name: unknown, options: unknown) => Instrument;
interface Options {
  readonly description?: unknown;
  readonly unit?: unknown;
  readonly valueType?: unknown;
  readonly advice?: { readonly explicitBucketBoundaries?: unknown } | null;
}

export class AppMeters implements MeterProvider {
  readonly #metrics = new Map<string, ApiMetric>();
  readonly #callbacks: ApiCallbacks;
  /** The metric and meter behind each observable instrument in the app's hands. */
  readonly #observed = new WeakMap<object, Observed>();

  constructor(
    private readonly names: MetricNames,
    private readonly limits: ApiLimits,
  ) {
    this.#callbacks = new ApiCallbacks(limits.losses, limits.faults);
  }

  getMeter = (name: unknown): Meter => {
    const meter = typeof name === 'string' ? name : '';
    const written =
      (kind: NamedKind): Create =>
      (given, options) =>
        this.#make(kind, given, options, (metric, isInteger) => writerOf(metric, isInteger));
    const observed =
      (kind: NamedKind): Create =>
      (given, options) =>
        this.#make(kind, given, options, (metric, isInteger) => this.#observable({ metric, meter, isInteger }));
    return {
      createCounter: written('counter'),
      createGauge: written('gauge'),
      createHistogram: written('histogram'),
      createUpDownCounter: written('up-down counter'),
      createObservableCounter: observed('counter'),
      createObservableGauge: observed('gauge'),
      createObservableUpDownCounter: observed('up-down counter'),
      addBatchObservableCallback: (callback: unknown, observables: unknown) => this.#addBatch(callback, this.#observedBy(observables)),
      removeBatchObservableCallback: (callback: unknown, observables: unknown) => this.#callbacks.remove(callback, this.#observedBy(observables)),
    } as unknown as Meter;
  };

  /** Calls the app's callbacks. */
  observe(): Promise<void> {
    return this.#callbacks.observe();
  }

  collect(): MetricData[] {
    return [...this.#metrics.values()].flatMap((metric) => metric.collect());
  }

  #make(kind: NamedKind, name: unknown, given: unknown, make: (metric: ApiMetric, isInteger: boolean) => Instrument): Instrument {
    const made = guarded('a metric of the app, made with @opentelemetry/api,', () => {
      const options = optionsOf(given);
      const metric = this.#metricOf(kind, name, options);
      return metric && make(metric, options.valueType === ValueType.INT);
    });
    return made ?? this.#nothing();
  }

  #metricOf(kind: NamedKind, given: unknown, { description, unit, advice }: Options): ApiMetric | undefined {
    const name = typeof given === 'string' ? exposedName(given.slice(0, 1000), kind === 'counter') : '';
    const claimed = this.names.claim(name, { kind, unit: textOf(unit).slice(0, LONGEST_UNIT), boundaries: this.#boundariesOf(given, kind, advice) });
    if (typeof claimed === 'string') {
      this.limits.faults.say(given, `of the app, made with @opentelemetry/api, is left out: ${claimed}`);
      return undefined;
    }
    const known = this.#metrics.get(name);
    if (known !== undefined) return known;
    const metric = new ApiMetric(name, helpOf(textOf(description)), claimed, this.limits);
    this.#metrics.set(name, metric);
    return metric;
  }

  /** The buckets advised by the app, in order; OpenTelemetry's buckets if the advice is no list of numbers. */
  #boundariesOf(name: unknown, kind: NamedKind, advice: Options['advice']): readonly number[] {
    if (kind !== 'histogram') return [];
    const given = advice?.explicitBucketBoundaries;
    if (given === undefined || given === null) return OTEL_BOUNDARIES;
    const bounds = Array.isArray(given) && given.length <= MOST_BOUNDARIES ? (given as unknown[]) : [NaN];
    if (bounds.every((bound): bound is number => typeof bound === 'number' && !Number.isNaN(bound)))
      return [...new Set(bounds)].filter(Number.isFinite).sort((a, b) => a - b);
    this.limits.faults.say(name, `has boundaries that are no numbers, or more than ${MOST_BOUNDARIES}: it gets those of OpenTelemetry`);
    return OTEL_BOUNDARIES;
  }

  /** The instrument of a refused metric: counts each value as dropped. */
  #nothing(): Instrument {
    const drop = (): void => this.limits.losses.count('wrong_use');
    return { add: drop, record: drop, addCallback: () => {}, removeCallback: () => {} };
  }

  #observable(observed: Observed): Instrument {
    const instrument = {
      addCallback: (callback: unknown) => guarded('adding a callback', () => this.#addOne(callback, observed)),
      removeCallback: (callback: unknown) => this.#callbacks.remove(callback, [observed]),
    };
    this.#observed.set(instrument, observed);
    return instrument;
  }

  #addOne(callback: unknown, one: Observed): void {
    this.#callbacks.add(callback, [one], (observe) =>
      (callback as (result: object) => unknown)({ observe: (value: unknown, attributes: unknown) => observe(one, value, attributes) }),
    );
  }

  #addBatch(callback: unknown, observed: readonly Observed[]): void {
    this.#callbacks.add(callback, observed, (observe) =>
      (callback as (result: object) => unknown)({
        observe: (instrument: object, value: unknown, attributes: unknown) => observe(this.#observed.get(instrument), value, attributes),
      }),
    );
  }

  #observedBy(observables: unknown): readonly Observed[] {
    return (
      guarded('a callback for several metrics', () => [...new Set(observables as object[])].flatMap((one) => this.#observed.get(one) ?? [])) ?? []
    );
  }
}

/** The SDK's, by its specification. */
const OTEL_BOUNDARIES = [0, ...BOUNDARIES];

function writerOf(metric: ApiMetric, isInteger: boolean): Instrument {
  const write = (value: unknown, attributes: unknown): void => {
    guarded('a value of a metric', () => metric.write(isInteger && typeof value === 'number' ? Math.trunc(value) : value, attributes));
  };
  return metric.named.kind === 'gauge' || metric.named.kind === 'histogram' ? { record: write } : { add: write };
}

function optionsOf(given: unknown): Options {
  return typeof given === 'object' && given !== null ? given : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
