// Pushes the metrics of this process to a collector over OTLP, beside the scrape. Loaded only where an endpoint is set.

import type { Config, PushConfig } from '../config';
import type { Feed } from '../exposition/feed';
import type { Instruments } from '../instruments';
import { every, inBackground } from '../later';
import type { RequestWatcher } from '../requests/tracker';
import { pushAfterRequests } from './after-requests';
import { watchProcessEnd } from './process-end';
import { Pusher } from './pusher';
import { resourceOf } from './resource';

export interface PushParts {
  readonly config: PushConfig;
  readonly resource: Config['resource'];
  readonly feed: Feed;
  readonly instruments: Instruments;
}

/**
 * Begins to push. Nothing here keeps the process alive.
 *
 * @returns the watcher of requests, if any: a serverless function may leave nothing behind but the push after an answer
 */
export function startPush({ config, resource, feed, instruments }: PushParts): RequestWatcher | undefined {
  const pusher = new Pusher(config, resourceOf(resource), feed);
  instruments.observe('otel_preload_pushed_points_total', (observe) => {
    for (const [result, points] of Object.entries(pusher.points)) observe(points, result);
  });
  every('a push', config.intervalMs, () => inBackground('a push', pusher.push()));
  watchProcessEnd(pusher);
  return config.serverless ? pushAfterRequests(pusher) : undefined;
}
