// The commands for reading values of a cache, and the meaning of their replies: present is a hit, absent a miss.

import type { CacheCounts, Counts } from '../../cache/cache-counts';
import type { RedisCommand } from './client';

/** The kind of a command, as a small integer for the hot path. */
export const NOTHING = 0;
const VALUE = 1;
const KEYS = 2;
const FIELDS = 3;
const MAP = 4;
export const MULTI = 5;
export const EXEC = 6;
export const DISCARD = 7;

const KINDS = new Map<string, number>([
  ['get', VALUE],
  ['getex', VALUE],
  ['getdel', VALUE],
  ['hget', VALUE],
  ['mget', KEYS],
  ['hmget', FIELDS],
  ['hgetall', MAP],
  ['multi', MULTI],
  ['exec', EXEC],
  ['discard', DISCARD],
  ['reset', DISCARD],
]);
/** The most names to remember beside the known names; Redis has far fewer commands. */
const MOST_NAMES = 2_000;

/** The kind of the command; `redis.call('GET')` keeps the caller's casing. */
export function kindOf(name: string): number {
  return KINDS.get(name) ?? learn(name);
}

function learn(name: string): number {
  const kind = KINDS.get(name.toLowerCase()) ?? NOTHING;
  if (KINDS.size < MOST_NAMES) KINDS.set(name, kind);
  return kind;
}

/**
 * Counts the values of an answered read, and returns whether any value was the cache's. An error among the replies of a
 * transaction is neither hit nor miss. A present empty string is a hit, as in Redis' own keyspace_hits.
 */
export function countRead(cache: CacheCounts, keyPrefix: string, command: RedisCommand, reply: unknown): boolean {
  const { args } = command;
  switch (reply instanceof Error ? NOTHING : kindOf(command.name)) {
    case VALUE:
      return count(cache.of(args[0], keyPrefix), reply !== null && reply !== undefined);
    case KEYS:
      return countKeys(cache, keyPrefix, args, reply);
    case FIELDS:
      return countFields(cache.of(args[0], keyPrefix), reply);
    case MAP:
      return count(cache.of(args[0], keyPrefix), !isEmpty(reply));
    default:
      return false;
  }
}

function count(counts: Counts | undefined, present: boolean): boolean {
  if (counts === undefined) return false;
  if (present) counts.hits += 1;
  else counts.misses += 1;
  return true;
}

function countKeys(cache: CacheCounts, keyPrefix: string, keys: readonly unknown[], reply: unknown): boolean {
  if (!Array.isArray(reply)) return false;
  let any = false;
  for (let i = 0; i < reply.length; i += 1) any = count(cache.of(keys[i], keyPrefix), reply[i] !== null) || any;
  return any;
}

function countFields(counts: Counts | undefined, reply: unknown): boolean {
  if (!Array.isArray(reply)) return false;
  for (const value of reply) count(counts, value !== null);
  return counts !== undefined && reply.length > 0;
}

/** HGETALL answers with a flat array, or under `replyMapping: 'resp3'` with an object. */
function isEmpty(reply: unknown): boolean {
  if (Array.isArray(reply)) return reply.length === 0;
  if (reply instanceof Map) return reply.size === 0;
  return reply === null || reply === undefined || Object.keys(reply).length === 0;
}
