// How an app falls ill, for each alert that watches the app, and what the alert then says.

import type { AlertName } from '../../src/alerts';
import { JOB, type Condition } from './app';
import type { Labels } from './situations';
import { during } from './world';

export interface Sickness {
  readonly condition: (from: number, to: number) => Condition;
  /** Of one instance among ten; default: the same. */
  readonly mild?: (from: number, to: number) => Condition;
  /** As bad as can be, from the first request of a new app on; default: the same. */
  readonly utter?: (from: number, to: number) => Condition;
  /** The labels of all alerts when these instances are sick, of which `alone` are all there are. */
  readonly labels: (instances: readonly string[], alone: boolean) => readonly Labels[];
  /** What the alerts of a single sick instance say. */
  readonly descriptions: readonly string[];
  /** Series that are born with a burst, at several minutes: `rate()` sees none of them. */
  readonly burst: { readonly name: string; readonly labels: (index: number) => Labels; readonly size: number }[];
  /** What fires then; default: the job's alert. */
  readonly burstLabels?: readonly Labels[];
  /** One sick instance of ten does not move the job's figure: only the instance's own alert fires. */
  readonly hides?: boolean;
  /** Whether a total outage in the middleware is its business as well. */
  readonly inOutage?: boolean;
  /** Minutes from the first symptom within which it must fire, even if the process restarts meanwhile. */
  readonly within?: number;
  /** Its window is longer than these worlds. */
  readonly staysOn?: boolean;
  /** When the instance falls sick that must make the alert fire; default: SICK. */
  readonly since?: number;
}

const job: Labels = { job: JOB };
const each = (instances: readonly string[]): Labels[] => instances.map((instance) => ({ job: JOB, instance }));
/** The job's alert beside one for each instance, which an only instance has not. */
const both = (instances: readonly string[], alone: boolean): Labels[] => [job, ...(alone ? [] : each(instances))];

const until = (value: keyof Condition, sick: number, well: number) => (from: number, to: number) => ({ [value]: during(from, to, sick, well) });

const failedRequests = {
  name: 'http_requests_total',
  labels: (index: number) => ({ method: 'GET', status: '500', endpoint: `/rare/${index}` }),
  size: 300,
};

export const sicknesses = {
  HighErrorRate: {
    condition: until('failing', 0.3, 0),
    utter: until('failing', 1, 0),
    labels: both,
    descriptions: [`Error rate is 30.03% for ${JOB}, over the last five minutes. Mostly: /earnings.`],
    burst: [failedRequests],
    hides: true,
    inOutage: true,
    within: 7,
  },
  HighSlowQueryRate: {
    condition: until('slowQueries', 900, 6),
    labels: () => [job],
    descriptions: [`15 slow queries per second for ${JOB}, over all instances. Mostly: select on earnings.`],
    burst: [{ name: 'slow_queries_total', labels: (index) => ({ query_type: 'select', table: `t${index}` }), size: 6000 }],
  },
  LowCacheHitRate: {
    condition: until('hitRate', 0.2, 0.9),
    mild: until('hitRate', 0, 0.9),
    labels: both,
    descriptions: [`Cache hit rate is 20% for ${JOB}, and does not recover. Mostly: user.`],
    burst: [{ name: 'cache_misses_total', labels: (index) => ({ cache_type: `t${index}` }), size: 6000 }],
    hides: true,
  },
  HighJobFailureRate: {
    condition: until('jobFailures', 0.5, 0.02),
    labels: (instances, alone) => [...both(instances, alone), { ...job, job_type: 'import-earnings' }],
    descriptions: [
      `41.67% of jobs failing for ${JOB}. Mostly: import-earnings.`,
      `50% of jobs failing for ${JOB}, job type import-earnings. Mostly: import-earnings.`,
    ],
    burst: [{ name: 'jobs_executed_total', labels: (index) => ({ job_type: `t${index}`, status: 'failed' }), size: 60 }],
    hides: true,
  },
  ClientsGivingUp: {
    condition: until('hanging', 0.3, 0.001),
    utter: () => ({ hanging: 1, failing: 0 }),
    labels: both,
    descriptions: [`30% of requests to ${JOB} ended because the client left first (499). Mostly: /users/:id.`],
    burst: [{ name: 'http_requests_total', labels: (index) => ({ method: 'GET', status: '499', endpoint: `/rare/${index}` }), size: 600 }],
    hides: true,
  },
  HighLatency: {
    condition: until('slow', 1, 0.001),
    mild: until('slow', 0.3, 0.001),
    labels: (instances) => [{ ...job, endpoint: '/users/:id' }, ...each(instances)],
    descriptions: [`95th percentile is 2425 ms for ${JOB}, endpoint /users/:id.`, `95th percentile is 2425 ms for ${JOB} on a:3001.`],
    burst: [
      { name: 'http_request_duration_ms_bucket', labels: (index) => ({ method: 'GET', endpoint: `/rare/${index}`, le: '1000.0' }), size: 0 },
      { name: 'http_request_duration_ms_bucket', labels: (index) => ({ method: 'GET', endpoint: `/rare/${index}`, le: '2500.0' }), size: 600 },
      { name: 'http_request_duration_ms_bucket', labels: (index) => ({ method: 'GET', endpoint: `/rare/${index}`, le: '+Inf' }), size: 600 },
      { name: 'http_request_duration_ms_count', labels: (index) => ({ method: 'GET', endpoint: `/rare/${index}` }), size: 600 },
    ],
    burstLabels: each(['a:3001']),
    hides: true,
  },
  ErrorBudgetBurnFast: {
    condition: until('failing', 0.3, 0),
    labels: () => [job],
    descriptions: [`30.03% of the requests to ${JOB} fail; the objective allows 0.1%. At this pace the budget is gone within days.`],
    burst: [failedRequests],
    inOutage: true,
    staysOn: true,
  },
  ErrorBudgetBurnSlow: {
    condition: until('failing', 0.005, 0),
    mild: until('failing', 0.05, 0),
    labels: () => [job],
    descriptions: [`0.5005% of the requests to ${JOB} fail; the objective allows 0.1%. At this pace the budget will not last its 30 days.`],
    burst: [{ ...failedRequests, size: 12 }],
    inOutage: true,
    staysOn: true,
    // Two hours of nothing else, for a figure that can be foretold.
    since: -60,
  },
} as const satisfies Partial<Record<AlertName, Sickness>>;
