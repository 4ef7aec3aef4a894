// The documented metrics made of each stream, for the mapping at collection.

import { catalogue, type Metric, type MetricName } from '../catalogue';
import type { Config } from '../config';
import type { Derived } from '../exposition/derive';
import { enabledFrom } from './enabled';
import type { LabelSets } from '../labels/label-sets';
import { streams } from './streams';
import { boundariesOf } from './views';

/** The documented metrics of each stream, by the stream's name in its view. */
export function derivedOf(config: Config, ofMetrics: (name: MetricName) => LabelSets): ReadonlyMap<string, readonly Derived[]> {
  const derived = new Map<string, Derived[]>();
  for (const name of enabledFrom(config, 'stream')) {
    const { help, labels, source } = catalogue[name] as Metric;
    if (source.from !== 'stream') continue;
    const stream = streams[source.instrument];
    const isSame = labels.join() === stream.labels.join();
    const positions = isSame ? undefined : labels.map((label) => stream.labels.indexOf(label));
    const boundaries = boundariesOf(config, stream.metric);
    const entry = { name, help, take: source.take, labelSets: ofMetrics(name), positions, boundaries, slowMs: config.slowQueryMs, projected: [] };
    derived.set(stream.metric, [...(derived.get(stream.metric) ?? []), entry]);
  }
  return derived;
}
