// The app's own metrics: what the public API writes to. Wrong use is one line in the log, never an exception in the app.

import { catalogue, type Metric } from '../catalogue';
import { guarded, sayOnce } from '../log';
import type { OwnMetric } from '../preloaded';
import type { CellMetrics } from './cell-metrics';
import type { Drops } from './drops';
import { isWritable, type Writer } from './written';

type Labels = Readonly<Record<string, unknown>>;

const DOCUMENTED: ReadonlyMap<string, Metric> = new Map(Object.entries(catalogue));
const KINDS: ReadonlySet<unknown> = new Set<OwnMetric['kind']>(['counter', 'gauge', 'histogram']);
const METRIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;
/** Names are the app's code, not its data: whoever declares more is making names from data. */
const MOST_METRICS = 1000;
const MOST_FAULTS = 50;
/** For histograms that were declared without any; the same steps as for HTTP. */
const BOUNDARIES = [5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

export class AppMetrics {
  readonly #declared = new Map<string, OwnMetric>();
  readonly #faults = new Set<string>();

  constructor(
    private readonly cells: CellMetrics,
    private readonly writer: Writer,
    private readonly drops: Drops,
  ) {}

  /** Adds to a counter; 0 creates the series. */
  add(name: string, value: number, labels: Labels = {}): void {
    guarded('writing a metric', () => this.#write('add', name, value, labels));
  }

  /** Records into a gauge or histogram, in the metric's unit. */
  record(name: string, value: number, labels: Labels = {}): void {
    guarded('writing a metric', () => this.#write('record', name, value, labels));
  }

  /** Makes a metric known; the same again changes nothing, and of two that differ the first one stays. */
  declare(name: string, metric: OwnMetric): void {
    guarded('declaring a metric', () => this.#declare(name, copyOf(metric)));
  }

  #declare(name: string, metric: OwnMetric): void {
    const fault = this.#faultOf(name, metric);
    if (fault !== undefined) return this.#say(name, `is left out: ${fault}`);
    if (this.#declared.has(name)) return;
    this.#declared.set(name, metric);
    const boundaries = metric.boundaries ?? (name.endsWith('_seconds') ? BOUNDARIES.map((ms) => ms / 1000) : BOUNDARIES);
    this.writer.keep(name, this.cells.open(name, metric, boundaries));
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
    const bad = labels.find((label) => !LABEL_NAME.test(label) || label === 'le' || label === 'quantile');
    if (bad !== undefined) return `"${bad}" cannot be the name of a label`;
    if (new Set(labels).size < labels.length) return 'two of its labels have the same name';
    if (boundaries.some((bound, index) => !Number.isFinite(bound) || bound <= (boundaries[index - 1] ?? -Infinity)))
      return 'its boundaries do not ascend';
    return this.#declared.size < MOST_METRICS ? undefined : `there are more than ${MOST_METRICS} metrics; put what varies into a label`;
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
    if (given.length !== names.length || !given.every((label) => names.includes(label))) this.#sayLabels(name, names, given);
    return names.map((label) => text(labels?.[label]));
  }

  #sayLabels(name: string, names: readonly string[], given: readonly string[]): void {
    sayOnce(
      `labels of ${name}`,
      `metric "${name}" has the labels ${listed(names)}, but was given ${listed(given)}: what is missing is empty, what is unknown is ignored`,
    );
  }

  #unknown(name: string): void {
    const entry = DOCUMENTED.get(name);
    // A family that METRICS_DISABLE leaves out is no fault of the code that writes to it.
    if (entry?.source.from === 'instrument') return;
    this.#refuse('undeclared_metric', name, entry === undefined ? 'it is not declared' : 'the preload itself measures it');
  }

  #refuse(reason: string, name: string, why: string): void {
    this.drops.count(reason);
    this.#say(name, `cannot be written so, the value is dropped: ${why}`);
  }

  /** One line for each fault of each metric, but no log without end where names are made of data. */
  #say(name: string, what: string): void {
    const line = `metric "${name.slice(0, 100)}" ${what}`;
    if (this.#faults.size >= MOST_FAULTS || this.#faults.has(line)) return;
    this.#faults.add(line);
    sayOnce(line, line);
  }
}

/** What the app does with its object later changes nothing of a metric that is counted. */
function copyOf({ kind, help, labels, boundaries }: OwnMetric): OwnMetric {
  return { kind, help, labels: [...labels], ...(boundaries !== undefined && { boundaries: [...boundaries] }) };
}

function listed(labels: readonly string[]): string {
  return labels.length === 0 ? 'none' : labels.slice(0, 10).join(', ');
}

function isSame(one: OwnMetric, other: OwnMetric): boolean {
  return JSON.stringify([one.kind, one.labels, one.boundaries]) === JSON.stringify([other.kind, other.labels, other.boundaries]);
}

/** Values of other types name nothing, and turning them into text may run the app's code. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? String(value) : '';
}
