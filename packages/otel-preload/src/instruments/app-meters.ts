// The meters that the app gets where it has no MeterProvider. Without the preload they measure nothing and never throw; with it they
// measure, and still never throw, whatever they are given.

import { createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';
import { reason, sayOnce } from '../log';

const KINDS = [
  'createCounter',
  'createGauge',
  'createHistogram',
  'createUpDownCounter',
  'createObservableCounter',
  'createObservableGauge',
  'createObservableUpDownCounter',
] as const;

type Create = (name: string, options?: object) => object;
type Write = (...args: unknown[]) => void;

/** The provider, with what its SDK would throw said once instead, and left out. */
export function appMeters(provider: MeterProvider): MeterProvider {
  return {
    getMeter: (name, version, options) =>
      harmless(`the meter ${quote(name)}`, () => harmlessMeter(provider.getMeter(name, version, options)), createNoopMeter),
  };
}

function harmlessMeter(meter: Meter): Meter {
  const creates = KINDS.map((kind): [string, Create] => {
    const make: Create = meter[kind].bind(meter);
    const nothing: Create = createNoopMeter()[kind];
    return [
      kind,
      (name, options) =>
        harmless(
          `the metric ${quote(name)}`,
          () => harmlessInstrument(make, name, options),
          () => nothing(name),
        ),
    ];
  });
  return Object.assign(Object.create(meter) as Meter, Object.fromEntries(creates));
}

function harmlessInstrument(make: Create, name: string, options: object | undefined): object {
  // The SDK takes any name and fails at every collection.
  if (typeof name !== 'string') throw new TypeError('its name is no text');
  const instrument = make(name, withTexts(options)) as Record<string, Write>;
  for (const method of ['add', 'record']) {
    const write = instrument[method];
    if (write === undefined) continue;
    instrument[method] = (value, attributes, context) => {
      const given = typeof attributes === 'object' && attributes !== null ? attributes : undefined;
      harmless(
        `a value of the metric ${quote(name)}`,
        () => write.call(instrument, value, given, context),
        () => {},
      );
    };
  }
  return instrument;
}

/** A unit or description that is no text would be a fault of every scrape. */
function withTexts(options: { description?: unknown; unit?: unknown } | undefined): object {
  const { description, unit, ...rest } = options ?? {};
  return { ...rest, ...(typeof description === 'string' && { description }), ...(typeof unit === 'string' && { unit }) };
}

function harmless<T>(what: string, work: () => T, instead: () => T): T {
  try {
    return work();
  } catch (thrown) {
    sayOnce(what, `${what}, made with @opentelemetry/api, is left out: ${reason(thrown)}`);
    return instead();
  }
}

function quote(name: unknown): string {
  return JSON.stringify(String(name)).slice(0, 100);
}
