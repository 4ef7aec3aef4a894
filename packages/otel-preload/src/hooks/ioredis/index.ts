// ioredis 4, 5 and 6, also under BullMQ: reads of cached values as hits and misses, and the size of the caches.
//
// The modules and versions are those of OpenTelemetry's instrumentation; its patch is not used. The patch builds a span for each
// command, calls its hook twice for a command from the offline queue, and hides the client from the hook, so that
// the hook could not tell a keyPrefix from a cache type.

import type { Instruments } from '../../instruments';
import { guarded } from '../../log';
import { CacheCounts } from '../../cache/cache-counts';
import { CacheSize } from './cache-size';
import type { RedisClient, RedisCluster, RedisCommand } from './client';
import { rememberClasses } from './ioredis-classes';
import { ownConnections } from './own-connections';
import { queueKeys } from '../../jobs/queue-keys';
import { ReplyWatch } from './reply-watch';
import { replaceMethod } from '../../patch';
import type { Hook } from '../hook';

type Send<Client> = (this: Client, command: RedisCommand, ...rest: unknown[]) => unknown;

/** The export of ioredis: the class Redis, with Cluster as a property. */
interface IORedis {
  readonly prototype: { sendCommand: Send<RedisClient> };
  readonly Cluster: { readonly prototype: { sendCommand: Send<RedisCluster> } };
}

export const ioredis: Hook = ({ config, instruments }) => {
  const watch = config.disabled.has('cache') ? undefined : watchReplies(instruments, config.cacheTypes);
  if (watch === undefined && config.disabled.has('jobs')) return [];
  const patch = (exports: IORedis): IORedis => {
    guarded('ioredis', () => {
      rememberClasses(exports.prototype, exports.Cluster.prototype);
      if (watch !== undefined) seeCommands(exports, watch);
    });
    return exports;
  };
  return [{ name: 'ioredis', versions: '>=2.0.0 <7', patch }];
};

function watchReplies(instruments: Instruments, only: ReadonlySet<string> | undefined): ReplyWatch {
  const counts = new CacheCounts({ only, admit: (type) => instruments.admit('cache_type', type) }, queueKeys);
  const size = new CacheSize(ownConnections);
  observeCache(instruments, counts, size);
  return new ReplyWatch(counts, size);
}

function observeCache(instruments: Instruments, counts: CacheCounts, size: CacheSize): void {
  instruments.observe('cache_hits_total', (observe) => {
    for (const [type, { hits }] of counts.entries()) observe(hits, type);
  });
  instruments.observe('cache_misses_total', (observe) => {
    for (const [type, { misses }] of counts.entries()) observe(misses, type);
  });
  instruments.observe('cache_size_bytes', (observe) => {
    const { bytes } = size;
    if (bytes !== undefined) observe(bytes, 'redis');
  });
}

function seeCommands(redis: IORedis, watch: ReplyWatch): void {
  replaceMethod(
    redis.prototype,
    'sendCommand',
    (sendCommand) =>
      function (this: RedisClient, command) {
        watch.sending(this, command);
        return sendCommand.apply(this, arguments as unknown as Parameters<typeof sendCommand>);
      },
  );
  replaceMethod(
    redis.Cluster.prototype,
    'sendCommand',
    (sendCommand) =>
      function (this: RedisCluster, command) {
        watch.routing(this, command);
        return sendCommand.apply(this, arguments as unknown as Parameters<typeof sendCommand>);
      },
  );
}
