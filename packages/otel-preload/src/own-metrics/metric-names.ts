// The owner of each name at /metrics. The first owner stays; a second metric gets a refusal if the name would then mean two things.

import { catalogue, type MetricName } from '../catalogue';
import type { Config } from '../config';
import { boundariesOf } from '../instruments/views';

/** A metric's kind to its writers. A sum that can fall is a gauge to Prometheus, but the values of two writers add up, unlike a gauge's. */
export type NamedKind = 'counter' | 'up-down counter' | 'gauge' | 'histogram';

export interface Named {
  readonly kind: NamedKind;
  /** Histograms only. */
  readonly boundaries: readonly number[];
  /** Empty if the metric's maker named no unit. */
  unit: string;
  /** True if the preload alone writes the metric. */
  readonly isOurs: boolean;
}

/** More names than any app's code holds; an app with more makes names of data. */
const MOST_METRICS = 1000;
/** As long as OpenTelemetry allows. */
const LONGEST_NAME = 255;
/** The lines of a histogram are samples of these names; `_created` is OpenMetrics's. */
const OF_HISTOGRAMS = ['_bucket', '_sum', '_count', '_created'];

export class MetricNames {
  readonly #named = new Map<string, Named>();
  /** Names of a histogram's samples, and whose they are. */
  readonly #samples = new Map<string, string>();
  #free = MOST_METRICS;

  constructor(config: Config) {
    for (const name of Object.keys(catalogue) as MetricName[]) {
      const { kind, family, source } = catalogue[name];
      if (config.disabled.has(family)) continue;
      const boundaries = kind === 'histogram' ? boundariesOf(config, name) : [];
      this.#keep(name, { kind, boundaries, unit: '', isOurs: source.from !== 'instrument' });
    }
  }

  /** The owner of the name, if `wanted` may be the same metric; a new name gets `wanted` as owner. Otherwise the reason why not, for the log. */
  claim(name: string, wanted: Pick<Named, 'kind' | 'boundaries' | 'unit'>): Named | string {
    const known = this.#named.get(name);
    if (known !== undefined) return faultBetween(known, wanted) ?? withUnit(known, wanted.unit);
    // OpenMetrics calls a counter by its name without `_total`.
    if (!/[a-zA-Z]/.test(name.replace(/_total$/, ''))) return 'its name is no text with letters';
    if (name.length > LONGEST_NAME) return `its name has more than ${LONGEST_NAME} characters`;
    const rival = this.#rivalOf(name, wanted.kind);
    if (rival !== undefined) return `its name clashes with those of the series of "${rival}"; rename it`;
    if (this.#free === 0) return `there are more than ${MOST_METRICS} metrics; put what varies into a label`;
    this.#free -= 1;
    const made = { ...wanted, isOurs: false };
    this.#keep(name, made);
    return made;
  }

  #keep(name: string, named: Named): void {
    this.#named.set(name, named);
    if (named.kind === 'histogram') for (const suffix of OF_HISTOGRAMS) this.#samples.set(name + suffix, name);
  }

  #rivalOf(name: string, kind: NamedKind): string | undefined {
    const histogram = this.#samples.get(name);
    if (histogram !== undefined || kind !== 'histogram') return histogram;
    return OF_HISTOGRAMS.map((suffix) => name + suffix).find((sample) => this.#named.has(sample) || this.#samples.has(sample));
  }
}

function faultBetween(known: Named, wanted: Pick<Named, 'kind' | 'unit'>): string | undefined {
  if (known.isOurs) return 'the preload measures a metric of that name; rename it, or see METRICS_DISABLE';
  if (known.kind !== wanted.kind) return `there is another metric of that name, a ${known.kind}`;
  if (known.unit === '' || wanted.unit === '' || known.unit === wanted.unit) return undefined;
  return `there is another metric of that name, in the unit "${known.unit.slice(0, 20)}"`;
}

function withUnit(known: Named, unit: string): Named {
  if (known.unit === '') known.unit = unit;
  return known;
}
