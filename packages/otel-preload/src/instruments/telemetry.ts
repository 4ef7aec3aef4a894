// Puts the rooms of a measurement together: instruments that hooks write to, views, the SDK, and what answers a scrape.

import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type IMetricReader, MeterProvider } from '@opentelemetry/sdk-metrics';
import { catalogue, type Metric, type MetricName, type Source, type StreamName } from '../catalogue';
import type { Config } from '../config';
import type { Derived } from '../exposition/derive';
import { documented } from '../exposition/documented';
import { plain } from '../exposition/plain';
import { type Mapping, mappedReader } from '../exposition/reader';
import type { Scrape } from '../exposition/scrape';
import { scrapeOf } from '../exposition/text';
import { reason, sayOnce } from '../log';
import { AppMetrics } from './app-metrics';
import { CellMetrics } from './cell-metrics';
import { Drops } from './drops';
import type { Instruments } from './index';
import { LabelValues } from './label-caps';
import { LabelSets } from './label-sets';
import { Observations } from './observed';
import { METER, streams } from './streams';
import { boundariesOf, viewsOf } from './views';
import { instrumentOf, Writer } from './written';

export interface Telemetry {
  readonly instruments: Instruments;
  /** What the public API for the app's own metrics writes to. */
  readonly app: Pick<AppMetrics, 'add' | 'record' | 'declare'>;
  readonly provider: MeterProvider;
  readonly scrape: Scrape;
}

/** How long an observable callback of the app may take, in ms; Prometheus waits 10 s for the whole scrape by default. */
const CALLBACK_MS = 5000;

type LabelSetsOf<N extends string> = Readonly<Record<N, LabelSets>>;

/**
 * @param version of the preload, for otel_preload_info
 * @param readersOf makes further readers, as for OTLP: each class through `mappedReader` with the mapping that it is given
 * @throws if the SDK refuses; the app then goes on without metrics
 */
export function createTelemetry(config: Config, version: string, readersOf: (map: Mapping) => IMetricReader[] = () => []): Telemetry {
  const labelValues = new LabelValues(config.labelCaps);
  const drops = new Drops(labelValues);
  const ofMetrics = mapKeys(catalogue, (name) => new LabelSets(catalogue[name].labels, labelValues));
  const ofStreams = mapKeys(streams, (name) => new LabelSets(streams[name].labels, labelValues));
  const cells = new CellMetrics();
  const map = documented({
    kept: (reader) => cells.collect(reader),
    derived: derivedOf(config, ofMetrics),
    observed: new Set(namesFrom(config, 'observation')),
    isCurrent: (name, series) => observations.isCurrent(name, series),
    onFault: () => drops.collectFailed(),
    seriesLabels: config.disabled.has('otel_preload') ? undefined : ofMetrics.otel_preload_series,
  });
  const reader = new (mappedReader(PrometheusExporter, map))({ preventServerStart: true });
  const views = viewsOf(config, ofStreams, () => drops.count('mapping_failed'));
  const provider = new MeterProvider({ readers: [reader, ...readersOf(plain(map))], views, resource: resourceFromAttributes(config.resource) });
  const meter = provider.getMeter(METER, version);
  const observations = new Observations(meter, observedNames(config), ofMetrics, () => drops.collectFailed());
  observeSelf(observations, drops, version);
  const writer = new Writer(drops);
  openAll(config, meter, writer, ofMetrics, ofStreams);
  return {
    instruments: instrumentsOf(writer, observations, labelValues, drops),
    app: appOf(new AppMetrics(cells, writer, labelValues, drops)),
    provider,
    scrape: scrapeOf(collectorOf(reader, drops)),
  };
}

function mapKeys<N extends string, T>(from: Readonly<Record<N, unknown>>, make: (name: N) => T): Readonly<Record<N, T>> {
  return Object.fromEntries((Object.keys(from) as N[]).map((name) => [name, make(name)])) as Record<N, T>;
}

function namesFrom(config: Config, from: Source['from']): MetricName[] {
  const names = Object.keys(catalogue) as MetricName[];
  return names.filter((name) => catalogue[name].source.from === from && !config.disabled.has(catalogue[name].family));
}

/** What the preload says of itself comes last, so that it tells of the same collection's faults. */
function observedNames(config: Config): MetricName[] {
  const names = namesFrom(config, 'observation').filter((name) => name !== 'otel_preload_series');
  const isSelf = (name: MetricName): boolean => catalogue[name].family === 'otel_preload';
  return [...names.filter((name) => !isSelf(name)), ...names.filter(isSelf)];
}

function observeSelf(observations: Observations, drops: Drops, version: string): void {
  observations.add('otel_preload_info', (write) => write(1, version));
  observations.add('otel_preload_dropped_total', (write) => drops.counts().forEach((count, why) => write(count, why)));
  observations.add('otel_preload_collect_errors_total', (write) => write(drops.collectErrors));
}

function openAll(config: Config, meter: Meter, writer: Writer, ofMetrics: LabelSetsOf<MetricName>, ofStreams: LabelSetsOf<StreamName>): void {
  for (const name of namesFrom(config, 'instrument')) {
    writer.keep(name, instrumentOf(name, meter, catalogue[name].kind, ofMetrics[name], { description: catalogue[name].help }));
  }
  for (const name of Object.keys(streams) as StreamName[]) {
    if (config.disabled.has(catalogue[streams[name].metric].family)) continue;
    writer.keep(name, instrumentOf(name, meter, 'histogram', ofStreams[name], { unit: 's' }));
  }
}

/** The documented metrics of each stream, by the name that its view gives it. */
function derivedOf(config: Config, ofMetrics: LabelSetsOf<MetricName>): ReadonlyMap<string, readonly Derived[]> {
  const derived = new Map<string, Derived[]>();
  for (const name of namesFrom(config, 'stream')) {
    const { help, labels, source } = catalogue[name] as Metric;
    if (source.from !== 'stream') continue;
    const stream = streams[source.instrument];
    const isSame = labels.join() === stream.labels.join();
    const positions = isSame ? undefined : labels.map((label) => stream.labels.indexOf(label));
    const boundaries = boundariesOf(config, stream.metric);
    const entry = { name, help, take: source.take, labelSets: ofMetrics[name], positions, boundaries, slowMs: config.slowQueryMs, projected: [] };
    derived.set(stream.metric, [...(derived.get(stream.metric) ?? []), entry]);
  }
  return derived;
}

function instrumentsOf(writer: Writer, observations: Observations, labelValues: LabelValues, drops: Drops): Instruments {
  return {
    // Bound rather than typed anew: rest parameters would make an array for every record.
    add: writer.write.bind(writer) as Instruments['add'],
    record: writer.write.bind(writer) as Instruments['record'],
    duration: writer.write.bind(writer) as Instruments['duration'],
    observe: observations.add.bind(observations) as Instruments['observe'],
    admit: (label, value) => labelValues.admit(label, value),
    dropped: (why) => drops.count(why),
  };
}

/** Functions that stand by themselves, since they are handed on one by one. */
function appOf(app: AppMetrics): Telemetry['app'] {
  return { add: app.add.bind(app), record: app.record.bind(app), declare: app.declare.bind(app) };
}

function collectorOf(reader: PrometheusExporter, drops: Drops): () => ReturnType<PrometheusExporter['collect']> {
  return async () => {
    try {
      const result = await reader.collect({ timeoutMillis: CALLBACK_MS });
      if (result.errors.length > 0) {
        drops.collectFailed();
        sayOnce('collect errors', `a metric could not be read and may be missing or old: ${reason(result.errors[0])}`);
      }
      return result;
    } catch (thrown) {
      drops.collectFailed();
      sayOnce('collect', `metrics could not be collected, the scrape is answered with 503: ${reason(thrown)}`);
      throw thrown;
    }
  };
}
