// The app's own metrics, behind the public API. Wrong use leads to a single line in the log, never to an exception in the app.

import { catalogue, type Metric } from '../catalogue';
import { guarded, reason } from '../log';
import type { OwnMetric } from '../preloaded';
import type { CellMetrics } from './cell-metrics';
import { compact } from '../labels/compact';
import type { Losses } from '../instruments/losses';
import type { Faults } from './faults';
import { MOST_LABELS, OTHER } from '../labels/label-caps';
import { labelTextOf } from '../labels/label-values';
import type { MetricNames } from './metric-names';
import { isWritable, type Writer } from '../instruments/writer';

type Labels = Readonly<Record<string, unknown>>;

const DOCUMENTED: ReadonlyMap<string, Metric> = new Map(Object.entries(catalogue));
const KINDS: ReadonlySet<unknown> = new Set<OwnMetric['kind']>(['counter', 'gauge', 'histogram']);
const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Each is a line of each series. */
export const MOST_BOUNDARIES = 100;
/** A sentence or two; more would be part of each scrape. */
const LONGEST_HELP = 1024;
/** For histograms declared without boundaries; the same steps as for HTTP. */
export const BOUNDARIES = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

export class AppMetrics {
  readonly #declared = new Map<string, OwnMetric>();
  readonly #saidLabels = new Set<string>();

  constructor(
    private readonly cells: CellMetrics,
    private readonly writer: Writer,
    private readonly losses: Losses,
    private readonly faults: Faults,
    private readonly names: MetricNames,
  ) {}

  /** Adds to a counter; 0 creates the series. */
  add(name: string, value: number, labels: Labels = {}): void {
    guarded('writing a metric', () => this.#write('add', name, value, labels));
  }

  /** Records into a gauge or histogram, in the metric's unit. */
  record(name: string, value: number, labels: Labels = {}): void {
    guarded('writing a metric', () => this.#write('record', name, value, labels));
  }

  /** Declares a metric. The same declaration again changes nothing; of two different declarations, the first stays. */
  declare(name: string, metric: OwnMetric): void {
    try {
      this.#declare(name, copyOf(metric));
    } catch (thrown) {
      this.faults.say(name, `is left out: ${reason(thrown)}`);
    }
  }

  #declare(name: string, metric: OwnMetric): void {
    const boundaries = metric.boundaries ?? (name.endsWith('_seconds') ? BOUNDARIES.map((ms) => ms / 1000) : BOUNDARIES);
    const fault = this.#faultOf(name, metric) ?? this.#claim(name, metric, boundaries);
    if (fault !== undefined) return this.faults.say(name, `is left out: ${fault}`);
    if (this.#declared.has(name)) return;
    this.#declared.set(name, metric);
    this.writer.keep(name, this.cells.open(name, metric, boundaries));
  }

  /** Claims the name. A metric made with @opentelemetry/api under the same name adds up with the declared metric, so both need the same buckets. */
  #claim(name: string, { kind }: OwnMetric, boundaries: readonly number[]): string | undefined {
    const claimed = this.names.claim(name, { kind, unit: '', boundaries });
    if (typeof claimed === 'string') return claimed;
    const isAlike = kind !== 'histogram' || String(claimed.boundaries) === String(boundaries);
    return isAlike ? undefined : 'there is another metric of that name, with other boundaries';
  }

  #faultOf(name: string, metric: OwnMetric): string | undefined {
    const { kind, help, labels, boundaries = [] } = metric;
    const known = this.#declared.get(name);
    if (known !== undefined) return isSame(known, metric) ? undefined : 'it is declared twice, in different ways; the first one stays';
    if (DOCUMENTED.has(name)) return 'the name is that of a documented metric; choose another';
    if (!KINDS.has(kind)) return 'its kind is counter, gauge or histogram';
    if (typeof help !== 'string') return 'its help is a text';
    if (!METRIC_NAME.test(name)) return 'a name consists of letters, digits and _, and does not begin with a digit';
    if (name.endsWith('_total') !== (kind === 'counter')) return 'the name of a counter, and of nothing else, ends in _total';
    if (labels.length > MOST_LABELS) return `it has more than ${MOST_LABELS} labels`;
    const bad = labels.find((label) => !LABEL_NAME.test(label) || label === 'le' || label === 'quantile');
    if (bad !== undefined) return `"${bad}" cannot be the name of a label`;
    if (new Set(labels).size < labels.length) return 'two of its labels have the same name';
    if (boundaries.length > MOST_BOUNDARIES) return `it has more than ${MOST_BOUNDARIES} boundaries`;
    return boundaries.some((bound, index) => !Number.isFinite(bound) || bound <= (boundaries[index - 1] ?? -Infinity))
      ? 'its boundaries do not ascend'
      : undefined;
  }

  #write(method: 'add' | 'record', name: string, value: number, labels: Labels): void {
    const writable = this.writer.get(name);
    if (writable === undefined) return this.#unknown(name);
    const fault = (writable.kind === 'counter') === (method === 'add') ? undefined : `a ${writable.kind} has no ${method}()`;
    if (fault !== undefined) return this.#refuse('wrong_use', name, fault);
    if (!isWritable(writable.kind, value))
      return this.#refuse('invalid_value', name, `a ${writable.kind} takes finite numbers${writable.kind === 'gauge' ? '' : ' from 0 up'}`);
    const values = this.#valuesOf(name, writable.labels, labels);
    if (values.length > 3) writable.putAll(value, values);
    else writable.put(value, values[0], values[1], values[2]);
  }

  #valuesOf(name: string, names: readonly string[], labels: Labels): string[] {
    const given = Object.keys(labels ?? {});
    if ((given.length !== names.length || !given.every((label) => names.includes(label))) && !this.#saidLabels.has(name))
      this.#sayLabels(name, names, given);
    return names.map((label) => this.#textOf(name, labels?.[label]));
  }

  #textOf(name: string, value: unknown): string {
    const text = labelTextOf(value);
    if (text !== undefined) return text;
    this.losses.count('wrong_use');
    this.faults.say(name, 'is given labels that are no texts: they count as "other"');
    return OTHER;
  }

  #sayLabels(name: string, names: readonly string[], given: readonly string[]): void {
    this.#saidLabels.add(name);
    this.faults.say(name, `has the labels ${listed(names)}, but was given ${listed(given)}: what is missing is empty, what is unknown is ignored`);
  }

  #unknown(name: string): void {
    const entry = DOCUMENTED.get(name);
    // A write to a family in METRICS_DISABLE is no fault of the app's code.
    if (entry?.source.from === 'instrument') return;
    this.#refuse('undeclared_metric', name, entry === undefined ? 'it is not declared' : 'the preload itself measures it');
  }

  #refuse(reason: string, name: string, why: string): void {
    this.losses.count(reason);
    this.faults.say(name, `cannot be written so, the value is dropped: ${why}`);
  }
}

/** A copy, so that later changes to the app's object do not change the metric. */
function copyOf({ kind, help, labels, boundaries }: OwnMetric): OwnMetric {
  // An iterable other than an array may have no end.
  if (!Array.isArray(labels) || !Array.isArray(boundaries ?? [])) throw new TypeError('its labels and boundaries are lists');
  return {
    kind,
    help: typeof help === 'string' ? helpOf(help) : help,
    labels: [...labels],
    ...(boundaries !== undefined && { boundaries: [...boundaries] }),
  };
}

function listed(labels: readonly string[]): string {
  return labels.length === 0 ? 'none' : labels.slice(0, 10).join(', ');
}

function isSame(one: OwnMetric, other: OwnMetric): boolean {
  return JSON.stringify([one.kind, one.labels, one.boundaries]) === JSON.stringify([other.kind, other.labels, other.boundaries]);
}

/** A HELP text, compacted and cut to a length fit for every scrape. */
export function helpOf(text: string): string {
  return compact(text.length > LONGEST_HELP ? `${text.slice(0, LONGEST_HELP)}…` : text);
}
