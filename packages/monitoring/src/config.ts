// Everything that a team may want to change, in a single object: selectors, thresholds, the service level objective. All generated files follow.

export interface MonitoringConfig {
  /** The `job` label of the app: as scraped (`job_name`), or pushed (`service.name`). A regular expression. */
  readonly jobs: RegExp;
  /** Jobs beside the app whose targets must be up as well. */
  readonly otherJobs: RegExp;
  /** Endpoints for load balancers and monitors; left out of every ratio. */
  readonly probeEndpoints: readonly string[];
  /** Endpoints slow by design (event streams, exports); left out of latency alerts. */
  readonly slowEndpoints: readonly string[];
  /** Cache types read in order to find nothing (locks, idempotency keys); left out of the hit rate. */
  readonly missingCacheTypes: readonly string[];
  readonly slo: {
    /** Share of requests that must not fail. */
    readonly availability: number;
    /** Over how many days. */
    readonly days: number;
  };
  readonly thresholds: Thresholds;
  readonly floors: Floors;
  /** Where RUNBOOK.md can be read; an alert's name in lower case is its heading. */
  readonly runbookUrl: string;
  /** The fixed uid of the provisioned data source. */
  readonly datasourceUid: string;
  /** Divides all durations of rules, for tests that cannot wait. Thresholds stay. */
  readonly timeScale: number;
}

/** Where an alert fires, and where a panel turns yellow or red. */
export interface Thresholds {
  /** Share of requests answered with a 5xx. */
  readonly errorRatio: number;
  /** Share of requests whose client left before the answer (499). */
  readonly abandonedRatio: number;
  /** Slow queries a second, over all instances. */
  readonly slowQueriesPerSecond: number;
  /** Share of cached reads with a value; an alert fires below. */
  readonly cacheHitRatio: number;
  /** A hit rate that rose by as much in ten minutes is warming up. */
  readonly cacheWarming: number;
  /** Share of jobs failed for good. */
  readonly jobFailureRatio: number;
  /** 95th percentile of the time of a request, in ms; a boundary of its histogram. */
  readonly latencyP95Ms: number;
  /** 99th percentile of the event loop's delay, in seconds. */
  readonly eventLoopLagSeconds: number;
  /** Callers waiting for a connection of a pool, on average. */
  readonly poolWaiting: number;
  /** Jobs waiting in a queue. */
  readonly queueDepth: number;
  /** The most series of an instance (label sets; buckets of a histogram are not counted apart). */
  readonly seriesBudget: number;
  /** Share of the series budget, and of Prometheus's disk, from which a look is worth the time. */
  readonly nearlyFull: number;
}

/** Fewer events than these in five minutes prove nothing. */
export interface Floors {
  readonly requests: number;
  /** Failed requests in the long window of a burn-rate alert. */
  readonly failures: number;
  readonly cacheReads: number;
  readonly jobs: number;
  /** Failed requests, or failed jobs: two failures are no rate, however few successes there are. */
  readonly failed: number;
}

export const config: MonitoringConfig = {
  jobs: /earntrack-.*/,
  otherJobs: /prometheus|otel-collector/,
  probeEndpoints: ['/health', '/healthz', '/livez', '/ready', '/readyz', '/metrics'],
  slowEndpoints: [],
  missingCacheTypes: ['lock'],
  slo: { availability: 0.999, days: 30 },
  thresholds: {
    errorRatio: 0.05,
    abandonedRatio: 0.1,
    slowQueriesPerSecond: 10,
    cacheHitRatio: 0.5,
    cacheWarming: 0.1,
    jobFailureRatio: 0.1,
    latencyP95Ms: 1000,
    eventLoopLagSeconds: 0.2,
    poolWaiting: 1,
    queueDepth: 500,
    seriesBudget: 5000,
    nearlyFull: 0.8,
  },
  floors: { requests: 10, failures: 10, cacheReads: 50, jobs: 5, failed: 3 },
  runbookUrl: 'https://github.com/earntrack/otel-preload/blob/main/packages/monitoring/RUNBOOK.md',
  datasourceUid: 'earntrack-prometheus',
  timeScale: 1,
};

/** A duration of rules in Prometheus's notation, shortened by the config's time scale. */
export function duration(seconds: number, { timeScale }: Pick<MonitoringConfig, 'timeScale'>): string {
  const milliseconds = Math.max(1, Math.round((seconds * 1000) / timeScale));
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  const unit = units.find(([, size]) => milliseconds % size === 0);
  return unit ? `${milliseconds / unit[1]}${unit[0]}` : `${milliseconds}ms`;
}

export const MINUTE = 60;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
