// Metrics written as things happen: the hot path of every request, query and job.

import { type Counter, type Meter, type MetricOptions, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Kind } from '../catalogue';
import { guarded } from '../log';
import type { Losses } from './losses';
import type { LabelSets } from '../labels/label-sets';

export interface Writable {
  readonly kind: Kind;
  readonly labels: readonly string[];
  /** Writes to the series of up to three label values. */
  readonly put: (value: number, a?: string, b?: string, c?: string) => void;
  /** Writes to the series of any number of label values. */
  readonly putAll: (value: number, values: readonly string[]) => void;
}

/** Few enough for a batch to take some 10 µs. */
const BATCH = 64;

/** A duration waiting for the batch to fill. */
interface Waiting {
  stream: Writable | undefined;
  seconds: number;
  a: string | undefined;
  b: string | undefined;
  c: string | undefined;
}

export class Writer {
  readonly #writables = new Map<string, Writable>();
  readonly #waiting: readonly Waiting[] = Array.from({ length: BATCH }, () => ({ stream: undefined, seconds: 0.5, a: '', b: '', c: '' }));
  #size = 0;

  constructor(private readonly losses: Losses) {}

  /** The metric or stream kept under a name. */
  get(name: string): Writable | undefined {
    return this.#writables.get(name);
  }

  /** Takes writes under a name from now on; a counter without labels starts at 0. */
  keep(name: string, writable: Writable): void {
    this.#writables.set(name, writable);
    if (writable.kind === 'counter' && writable.labels.length === 0) writable.put(0);
  }

  /** Writes to a metric of at most three labels. A metric of a disabled family is not open, and takes nothing. */
  write(name: string, value: number, a?: string, b?: string, c?: string): void {
    const writable = this.#writables.get(name);
    if (writable === undefined) return;
    if (isWritable(writable.kind, value)) writable.put(value, a, b, c);
    else this.losses.count('invalid_value');
  }

  /**
   * Writes to a stream, sooner or later. In a batch, a write's code and data are already in the processor's caches from the write before;
   * between two requests they are not, and a write costs ten times as much.
   */
  duration(name: string, seconds: number, a?: string, b?: string, c?: string): void {
    const stream = this.#writables.get(name);
    if (stream === undefined) return;
    if (!isWritable('histogram', seconds)) return this.losses.count('invalid_value');
    const waiting = this.#waiting[this.#size++] as Waiting;
    waiting.stream = stream;
    waiting.seconds = seconds;
    waiting.a = a;
    waiting.b = b;
    waiting.c = c;
    if (this.#size === BATCH) this.flush();
  }

  /** Writes the waiting durations. Call before a collection. */
  flush(): void {
    const size = this.#size;
    this.#size = 0;
    for (let index = 0; index < size; index += 1) {
      const { stream, seconds, a, b, c } = this.#waiting[index] as Waiting;
      guarded('writing a duration', () => stream?.put(seconds, a, b, c));
    }
  }
}

/** More than any counted amount; sums of such values stay finite, no matter how many the app adds up. */
const LARGEST = 1e300;

/** A single NaN or Infinity would stay in a sum for ever. */
export function isWritable(kind: Kind, value: number): boolean {
  return Number.isFinite(value) && value <= LARGEST && (value >= 0 || (kind === 'gauge' && value >= -LARGEST));
}

/** A metric kept by an instrument of the SDK. */
export function instrumentOf(name: string, meter: Meter, kind: Kind, series: LabelSets, options: MetricOptions): Writable {
  const write = writeOf(name, meter, kind, options);
  return {
    kind,
    labels: series.names,
    // Pass a context: without a context, the SDK looks up the active context, and none of the views reads the context.
    put: (value, a, b, c) => write(value, series.of(a, b, c).key, ROOT_CONTEXT),
    putAll: (value, values) => write(value, series.ofAll(values).key, ROOT_CONTEXT),
  };
}

function writeOf(name: string, meter: Meter, kind: Kind, options: MetricOptions): Counter['add'] {
  if (kind === 'counter') {
    const counter = meter.createCounter(name, options);
    return counter.add.bind(counter);
  }
  const recorder = kind === 'gauge' ? meter.createGauge(name, options) : meter.createHistogram(name, options);
  return recorder.record.bind(recorder);
}
