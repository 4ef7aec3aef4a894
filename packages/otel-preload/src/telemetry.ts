// Puts the rooms of a measurement together: the instruments for the hooks, the views, the SDK, and the scrape.

import type { Meter } from '@opentelemetry/api';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { catalogue, type MetricName, type StreamName } from './catalogue';
import type { Config } from './config';
import { documented } from './exposition/documented';
import { type Feed, feedOf, type Wanted } from './exposition/feed';
import { DocumentedReader } from './exposition/reader';
import type { Scrape } from './exposition/scrape';
import { scrapeOf } from './exposition/text';
import { AppMeters } from './own-metrics/app-meters';
import { AppMetrics } from './own-metrics/app-metrics';
import { CellMetrics } from './own-metrics/cell-metrics';
import { collectionsOf, type Collect } from './instruments/collections';
import { derivedOf } from './instruments/derived';
import { Losses } from './instruments/losses';
import { Faults } from './own-metrics/faults';
import type { Instruments } from './instruments';
import { LabelValues } from './labels/label-caps';
import { LabelSets } from './labels/label-sets';
import { MetricNames } from './own-metrics/metric-names';
import { Observations } from './instruments/observations';
import { SeriesRoom } from './own-metrics/series-room';
import { enabledFrom } from './instruments/enabled';
import { METER, streams } from './instruments/streams';
import { viewsOf } from './instruments/views';
import { instrumentOf, Writer } from './instruments/writer';

export interface Telemetry {
  readonly instruments: Instruments;
  /** The receiver of the public API for the app's own metrics. */
  readonly app: { readonly [F in 'add' | 'record' | 'declare']: (...given: Parameters<AppMetrics[F]>) => void };
  /** The app's meters of @opentelemetry/api. */
  readonly meters: AppMeters;
  /** The SDK's provider, for stock instrumentations; a view decides about each of their values. */
  readonly provider: MeterProvider;
  readonly scrape: Scrape;
  /** The metrics to push, of this process alone: workers push for themselves. */
  readonly feed: (wanted: Wanted) => Feed;
}

type LabelSetsOf<N extends string> = (name: N) => LabelSets;

/**
 * @param version of the preload, for otel_preload_info
 * @param ofAllProcesses extends collections of this process to all processes on the same port
 * @throws if the SDK refuses; the app then runs on without metrics
 */
export function createTelemetry(config: Config, version: string, ofAllProcesses = (collect: Collect): Collect => collect): Telemetry {
  const labelValues = new LabelValues(config.labelCaps);
  const losses = new Losses(labelValues);
  const ofMetrics = onceEach((name: MetricName) => new LabelSets(catalogue[name].labels, labelValues));
  const ofStreams = onceEach((name: StreamName) => new LabelSets(streams[name].labels, labelValues));
  const room = new SeriesRoom(config);
  const faults = new Faults();
  const names = new MetricNames(config);
  const cells = new CellMetrics(labelValues, room);
  const meters = new AppMeters(names, { labelValues, room, losses, faults });
  const map = documented({
    kept: () => [...cells.collect(), ...meters.collect()],
    derived: derivedOf(config, ofMetrics),
    observed: new Set(enabledFrom(config, 'observation')),
    isCurrent: (name, series) => observations.isCurrent(name, series),
    onFault: () => losses.collectFailed(),
    seriesLabels: config.disabled.has('otel_preload') ? undefined : ofMetrics('otel_preload_series'),
  });
  const reader = new DocumentedReader(map);
  const views = viewsOf(config, ofStreams, () => losses.count('mapping_failed'));
  const provider = new MeterProvider({ readers: [reader], views });
  const meter = provider.getMeter(METER, version);
  const observations = new Observations(meter, observedNames(config), ofMetrics, () => losses.collectFailed());
  observeSelf(observations, losses, version);
  const writer = new Writer(losses);
  const collect = collectionsOf(reader, losses, () => {
    writer.flush();
    observations.open();
    return meters.observe();
  });
  openAll(config, meter, writer, ofMetrics, ofStreams);
  return {
    instruments: instrumentsOf(writer, observations, labelValues, losses),
    app: appOf(new AppMetrics(cells, writer, losses, faults, names)),
    meters,
    provider,
    scrape: scrapeOf(ofAllProcesses(collect)),
    feed: (wanted) => feedOf(collect, wanted),
  };
}

/** Calls `make` at the first request for a name, and keeps the result. */
function onceEach<N extends string, T>(make: (name: N) => T): (name: N) => T {
  const made = new Map<N, T>();
  return (name) => {
    const known = made.get(name) ?? make(name);
    made.set(name, known);
    return known;
  };
}

/** The preload's metrics about itself come last, and so include the faults of the same collection. */
function observedNames(config: Config): MetricName[] {
  const names = enabledFrom(config, 'observation').filter((name) => name !== 'otel_preload_series');
  return [...names.filter((name) => catalogue[name].family !== 'otel_preload'), ...names.filter((name) => catalogue[name].family === 'otel_preload')];
}

function observeSelf(observations: Observations, losses: Losses, version: string): void {
  observations.add('otel_preload_info', (write) => write(1, version));
  observations.add('otel_preload_dropped_total', (write) => losses.counts().forEach((count, why) => write(count, why)));
  observations.add('otel_preload_collect_errors_total', (write) => write(losses.collectErrors));
}

function openAll(config: Config, meter: Meter, writer: Writer, ofMetrics: LabelSetsOf<MetricName>, ofStreams: LabelSetsOf<StreamName>): void {
  for (const name of enabledFrom(config, 'instrument')) {
    writer.keep(name, instrumentOf(name, meter, catalogue[name].kind, ofMetrics(name), { description: catalogue[name].help }));
  }
  for (const name of Object.keys(streams) as StreamName[]) {
    if (config.disabled.has(catalogue[streams[name].metric].family)) continue;
    writer.keep(name, instrumentOf(name, meter, 'histogram', ofStreams(name), { unit: 's' }));
  }
}

function instrumentsOf(writer: Writer, observations: Observations, labelValues: LabelValues, losses: Losses): Instruments {
  return {
    // Bound rather than typed anew: rest parameters would make an array for every record.
    add: writer.write.bind(writer) as Instruments['add'],
    record: writer.write.bind(writer) as Instruments['record'],
    duration: writer.duration.bind(writer) as Instruments['duration'],
    observe: observations.add.bind(observations) as Instruments['observe'],
    admit: (label, value) => labelValues.admit(label, value),
    dropped: (why) => losses.count(why),
  };
}

/** Bound functions: the public API hands each function on by itself. */
function appOf(app: AppMetrics): Telemetry['app'] {
  return { add: app.add.bind(app), record: app.record.bind(app), declare: app.declare.bind(app) };
}
