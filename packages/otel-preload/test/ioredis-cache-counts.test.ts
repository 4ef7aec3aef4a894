// Where a read counts: the cache type of a key, and what is no cache.

import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import { CacheCounts } from '../src/cache/cache-counts';
import { QueueKeys } from '../src/jobs/queue-keys';

function typesOf(keys: readonly unknown[], keyPrefix = '', queues = new QueueKeys()): string[] {
  const counts = new CacheCounts({ only: undefined, admit: (type) => type }, queues);
  for (const key of keys) counts.of(key, keyPrefix);
  return [...counts.entries()].map(([type]) => type);
}

/** How often text is looked at, or looked up, while `work` runs. */
function callsDuring(work: () => void): number {
  let calls = 0;
  const undo = [String.prototype, Set.prototype, Map.prototype].flatMap((owner) =>
    ['startsWith', 'indexOf', 'includes', 'slice', 'has', 'get']
      .filter((name) => Object.hasOwn(owner, name))
      .map((name) => {
        const original = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
        const counted = function (this: unknown, ...args: unknown[]): unknown {
          calls += 1;
          return original.apply(this, args);
        };
        Reflect.set(owner, name, counted);
        return () => Reflect.set(owner, name, original);
      }),
  );
  try {
    work();
  } finally {
    for (const each of undo) each();
  }
  return calls;
}

describe('The cache type of a key', () => {
  it('is what stands before the first colon, if it looks like a name', () => {
    deepEqual(typesOf(['user:42', 'rate-limit:1:2', 'Page_Views:x', 'a:1', `${'n'.repeat(32)}:1`]), [
      'user',
      'rate-limit',
      'Page_Views',
      'a',
      'n'.repeat(32),
    ]);
  });

  it('is other where an id, an address or nothing stands there', () => {
    const keys = [
      '42:user',
      'user1:x',
      '-a:x',
      '_a:x',
      'ada@example.org:seen',
      '{user:1}:x',
      ':x',
      '',
      'user.name:x',
      `${'n'.repeat(33)}:1`,
      'été:1',
    ];
    for (const key of keys) deepEqual(typesOf([key]), ['other'], key);
  });

  it('is other for a key without a colon, which may be all id', () => {
    deepEqual(typesOf(['session', 'abcdef', 'n'.repeat(5000)]), ['other']);
  });

  it('is looked for behind the keyPrefix of the client, where the key has it', () => {
    deepEqual(typesOf(['app:user:1', 'user:1'], 'app:'), ['user']);
    deepEqual(typesOf(['cache-user:1'], 'cache-'), ['user']);
    deepEqual(typesOf(['session:abcdef'], 'session:'), ['other']);
  });

  it('is found in Buffers', () => {
    deepEqual(typesOf([Buffer.from('user:42')]), ['user']);
    deepEqual(typesOf([Buffer.from('schlüssel:user:1')], 'schlüssel:'), ['user']);
    deepEqual(typesOf([Buffer.from([0xff, 0x3a, 0x31])]), ['other']);
  });

  it('is never that of a job queue: neither the default prefix, nor the keys of queues that this process has', () => {
    const queues = new QueueKeys();
    queues.add('shop', 'mail');
    queues.add('a:b', 'reports');
    deepEqual(typesOf(['bull:mail:1', 'shop:mail:1', 'shop:mail:meta', 'a:b:reports:id'], '', queues), []);
    deepEqual(typesOf(['shop:mails:1', 'shop:user:1', 'shop:mail', 'a:b:other:1', 'bullet:1'], '', queues), ['shop', 'a', 'bullet']);
  });

  it('is found with as much work for thousands of queues as for a few', () => {
    const lookUps = (queuesKnown: number): number => {
      const queues = new QueueKeys();
      for (let i = 0; i < queuesKnown; i += 1) queues.add(`tenant-${i}`, 'mail');
      equal(queues.owns('tenant-1:mail:7'), true);
      return callsDuring(() => equal(queues.owns('tenant-x:mail:7:a:b:c:d'), false));
    };
    ok(lookUps(3) > 0);
    equal(lookUps(9_000), lookUps(3));
  });

  it('is still right for the latest queues when there are more than are remembered', () => {
    const queues = new QueueKeys();
    for (let i = 0; i <= 10_000; i += 1) queues.add(`tenant-${i}`, 'mail');
    deepEqual([queues.owns('tenant-0:mail:1'), queues.owns('tenant-1:mail:1'), queues.owns('tenant-10000:mail:1')], [false, true, true]);
  });

  it('is one of CACHE_TYPES, where these are given, else other', () => {
    const counts = new CacheCounts({ only: new Set(['user']), admit: (type) => type }, new QueueKeys());
    equal(counts.of('session:1', ''), counts.of('anything', ''));
    notEqual(counts.of('user:1', ''), counts.of('session:1', ''));
  });

  it('is kept once a type, so that ids that look like names do not fill the memory', () => {
    const counts = new CacheCounts({ only: undefined, admit: () => 'other' }, new QueueKeys());
    const letters = 'abcdefghij';
    for (let i = 0; i < 10_000; i += 1) counts.of(`${String(i).replace(/./g, (digit) => letters.charAt(Number(digit)))}:x`, '');
    equal([...counts.entries()].length, 1);
  });
});
