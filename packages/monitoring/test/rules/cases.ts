// Every alert in every situation. An alert without its nine situations does not compile.

import { app, JOB, surroundings, type Condition } from './app';
import { BackendMissing, TargetDown } from './presence';
import { fires, sickApp, silent } from './sick-app';
import { sicknesses } from './sickness';
import { AWAY, CHANGE, END, healthy, restarted, SICK, unwatched, world, type Case, type Cases, type Labels } from './situations';
import { sound, type Nine } from './sound';
import { during, World, type Life } from './world';

/** Alerts on a gauge of each instance: a short peak is none, and a restart starts the waiting time anew. */
function gauge(value: keyof Condition, sick: number, well: number, labels: Labels, description: string): Nine {
  const on = (instance: string): Labels => ('queue' in labels ? { job: JOB, ...labels } : { job: JOB, instance, ...labels });
  const ill =
    (name: string, life: Life = {}) =>
    (made: World) =>
      app(made, name, { [value]: during(SICK, END + 1, sick, well) }, life);
  const many = world((made) => [ill('a:3001')(made), app(made, 'b:3001'), app(made, 'c:3001')]);
  return {
    ...sound,
    firing: [
      {
        world: world((made) => app(made, 'a:3001', { [value]: during(SICK, 45, sick, well) })),
        fires: { minute: 44, labels: [on('a:3001')], descriptions: [description] },
        quietUntil: SICK,
        healedAt: END,
      },
    ],
    restart: [silent(restarted), fires(world(ill('a:3001', { restartAt: CHANGE })), END, [on('a:3001')])],
    burst: [silent(world((made) => app(made, 'a:3001', { [value]: during(-60, 1, sick, well) }, { from: 0 })))],
    away: [silent(unwatched), fires(world(ill('a:3001'), AWAY), END, [on('a:3001')])],
    one: [fires(many, END, [on('a:3001')])],
  };
}

/** Alerts on what stands around the app. */
function around(sick: Parameters<typeof surroundings>[1], burst: Case, labels: Labels, description: string): Nine {
  const made = (away?: readonly [number, number], life: Life = {}): World => {
    const of = new World(END, away);
    surroundings(of, sick, life);
    app(of, 'a:3001');
    return of;
  };
  return {
    ...sound,
    firing: [{ world: made(), fires: { minute: 44, labels: [labels], descriptions: [description] }, quietUntil: SICK, healedAt: END }],
    restart: [silent(restarted), fires(made(undefined, { restartAt: CHANGE }), 44, [labels])],
    burst: [burst],
    away: [silent(unwatched), fires(made([20, 30]), 49, [labels])],
  };
}

function bursting(): World {
  const of = new World(END);
  surroundings(of);
  const collector = of.instance('otel-collector:8888', 'otel-collector', { pushed: true });
  [15, 19, 23, 27].forEach((minute, index) =>
    collector.counter('otelcol_exporter_send_failed_metric_points_total', { exporter: `e${index}` }, 0, { born: minute, burst: 200 }),
  );
  return of;
}

/** One app pushes deltas to where none are taken. */
function leavingOut(): World {
  const of = new World(END);
  surroundings(of);
  const collector = of.instance('otel-collector:8888', 'otel-collector', { pushed: true });
  collector.counter(
    'otelcol_exporter_prometheusremotewrite_failed_translations',
    { exporter: 'prometheus_remote_write' },
    during(SICK, END + 1, 4, 0),
  );
  return of;
}

/** The receiver is away for four minutes, which a queue is there for. */
function brieflyAway(): World {
  const of = new World(END);
  surroundings(of, { delivered: during(SICK, SICK + 4, 0, 100) });
  app(of, 'a:3001');
  return of;
}

const always = Object.fromEntries(
  Object.entries(sound).map(([situation, cases]) => [
    situation,
    (cases.length > 0 ? cases : [silent(healthy)]).map(({ world: of }) => ({ ...fires(of, END, [{}]), quietUntil: -1 })),
  ]),
) as unknown as Nine;

const pool = gauge('waiting', 4, 0, { pool: 'earntrack' }, `4 callers on average wait for a connection of pool earntrack, ${JOB} on a:3001.`);

/** Callers that wait at every fourth scrape are not always there to be seen. */
const ebbing = world((made) => app(made, 'a:3001', { waiting: (minute) => (minute >= SICK && minute % 1 === 0 ? 6 : 0) }));

const DatabasePoolExhausted: Nine = { ...pool, burst: [...pool.burst, fires(ebbing, END, [{ job: JOB, instance: 'a:3001', pool: 'earntrack' }])] };

const COLLECTOR = { job: 'otel-collector', instance: 'otel-collector:8888' };
const PROMETHEUS = { job: 'prometheus', instance: 'localhost:9090' };

export const cases: Cases = {
  HighErrorRate: sickApp(sicknesses.HighErrorRate),
  HighSlowQueryRate: sickApp(sicknesses.HighSlowQueryRate),
  LowCacheHitRate: sickApp(sicknesses.LowCacheHitRate),
  HighJobFailureRate: sickApp(sicknesses.HighJobFailureRate),
  ClientsGivingUp: sickApp(sicknesses.ClientsGivingUp),
  HighLatency: sickApp(sicknesses.HighLatency),
  ErrorBudgetBurnFast: sickApp(sicknesses.ErrorBudgetBurnFast),
  ErrorBudgetBurnSlow: sickApp(sicknesses.ErrorBudgetBurnSlow),
  TargetDown,
  BackendMissing,
  HighEventLoopLag: gauge('lag', 0.5, 0.012, {}, `99th percentile of the event loop's delay is 500ms for ${JOB} on a:3001.`),
  DatabasePoolExhausted,
  JobQueueBacklog: gauge('queue', 800, 5, { queue: 'imports' }, `800 jobs wait in queue imports of ${JOB}.`),
  SeriesNearBudget: gauge('series', 4500, 900, {}, `${JOB} on a:3001 exposes 4800 of 5000 series.`),
  CollectorDroppingData: {
    ...around(
      { lost: during(SICK, 50, 100, 0) },
      { ...fires(bursting(), 30, [COLLECTOR]), quietUntil: SICK },
      COLLECTOR,
      '500 data points or more were lost by otel-collector on otel-collector:8888 in the last five minutes.',
    ),
    one: [fires(leavingOut(), END, [COLLECTOR])],
  },
  CollectorNotDelivering: around(
    { delivered: during(SICK, 50, 0, 100) },
    silent(brieflyAway()),
    { ...COLLECTOR, exporter: 'otlp_http/queue' },
    'Nobody takes what otel-collector on otel-collector:8888 sends. Its queue keeps it until it is full; meanwhile no graph and no other alert sees it.',
  ),
  PrometheusStorageFilling: around(
    { stored: during(SICK, 50, 9e9, 3e9) },
    silent(world((of) => app(of, 'a:3001'))),
    PROMETHEUS,
    '90% of the space of localhost:9090 is used; when it is full, the oldest days are deleted early.',
  ),
  Watchdog: always,
};
