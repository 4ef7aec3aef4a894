// The service level objective: shares of failed requests over long windows, and the rest of the error budget. Built on the five-minute counts,
// so that three days cost as little as their samples, and requests that created their series are in.

import { DAY, duration, HOUR, MINUTE, type MonitoringConfig } from '../config';
import { above, divide, metric, minus, number, sumOverTime, type Vector } from '../promql/build';

type Window = '30m' | '1h' | '2h' | '6h' | '1d' | '3d' | '30d';

const SECONDS: Record<Window, number> = { '30m': 30 * MINUTE, '1h': HOUR, '2h': 2 * HOUR, '6h': 6 * HOUR, '1d': DAY, '3d': 3 * DAY, '30d': 30 * DAY };

/** The records of the objective. */
export function budget(config: MonitoringConfig) {
  const failed = metric('job:http_requests_failed:increase5m');
  const total = metric('job:http_requests:increase5m');
  // Every request is in equally many five-minute counts, so that sums of the counts have the same ratio as the requests.
  const over = (window: string): Vector<'job'> => divide(sumOverTime(failed, window), above(sumOverTime(total, window), 0));
  const spent = divide(metric('job:http_requests_failed:ratio30d'), allowed(config));
  return {
    'job:http_requests_failed:ratio5m': divide(failed, above(total, 0)),
    'job:http_requests_failed:ratio30m': over(duration(SECONDS['30m'], config)),
    'job:http_requests_failed:ratio1h': over(duration(SECONDS['1h'], config)),
    'job:http_requests_failed:ratio2h': over(duration(SECONDS['2h'], config)),
    'job:http_requests_failed:ratio6h': over(duration(SECONDS['6h'], config)),
    'job:http_requests_failed:ratio1d': over(duration(SECONDS['1d'], config)),
    'job:http_requests_failed:ratio3d': over(duration(SECONDS['3d'], config)),
    'job:http_requests_failed:ratio30d': over(duration(config.slo.days * DAY, config)),
    'job:error_budget:remaining': minus(number(1), spent),
  };
}

/** The share of requests that may fail. */
export const allowed = ({ slo }: Pick<MonitoringConfig, 'slo'>): number => Number((1 - slo.availability).toPrecision(6));
