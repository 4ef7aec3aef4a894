import type { Mutant } from '../mutant';

export const cache: readonly Mutant[] = [
  {
    name: 'redis-bull-keys-counted',
    breaks: 'Keys under BullMQ’s own prefix, of queues in other processes, are taken for a cache.',
    file: 'packages/otel-preload/src/cache/cache-counts.ts',
    find: 'if (name === DEFAULT_QUEUE_PREFIX) return undefined;',
    replace: 'if (name === DEFAULT_QUEUE_PREFIX && this.queues.known) return undefined;',
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 are told apart by what stands before the first colon']],
  },
  {
    name: 'redis-cache-types-ignored',
    breaks: 'CACHE_TYPES narrows nothing.',
    file: 'packages/otel-preload/src/cache/cache-counts.ts',
    find: 'if (name === OTHER || (this.types.only !== undefined && !this.types.only.has(name))) return OTHER;',
    replace: `if (name === OTHER || (this.types.only?.has(name) === undefined && name === '')) return OTHER;`,
    fails: [
      ['test/truth/cache.test.ts', 'are told apart only as far as CACHE_TYPES says'],
      ['packages/otel-preload/test/ioredis-cache-counts.test.ts', 'is one of CACHE_TYPES, where these are given, else other'],
    ],
  },
  {
    name: 'redis-counters-apart',
    breaks: 'The hits of a type exist only once there is one.',
    file: 'packages/otel-preload/src/hooks/ioredis/index.ts',
    find: 'for (const [type, { hits }] of counts.entries()) observe(hits, type);',
    replace: 'for (const [type, { hits }] of counts.entries()) if (hits > 0) observe(hits, type);',
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 are told apart by what stands before the first colon']],
  },
  {
    name: 'redis-empty-hash-is-a-hit',
    breaks: 'HGETALL of a hash that is not there is a hit.',
    file: 'packages/otel-preload/src/hooks/ioredis/reads.ts',
    find: 'if (Array.isArray(reply)) return reply.length === 0;',
    replace: 'if (Array.isArray(reply)) return false;',
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 count hash fields one by one, and a whole hash once']],
  },
  {
    name: 'redis-hmget-as-one',
    breaks: 'HMGET counts once, whatever the number of its fields.',
    file: 'packages/otel-preload/src/hooks/ioredis/reads.ts',
    find: 'for (const value of reply) count(counts, value !== null);',
    replace: 'for (const value of reply.slice(0, 1)) count(counts, value !== null);',
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 count hash fields one by one, and a whole hash once']],
  },
  {
    name: 'redis-ids-as-types',
    breaks: 'A cache type may hold any characters, those of ids and addresses too.',
    file: 'packages/otel-preload/src/cache/cache-counts.ts',
    find: 'if (!isLetter(code) && (i === start || (code !== HYPHEN && code !== UNDERSCORE))) return OTHER;',
    replace: 'if (!isLetter(code) && (i === start || (code !== HYPHEN && code !== UNDERSCORE && code > 127))) return OTHER;',
    fails: [
      ['test/truth/cache.test.ts', 'through ioredis 6 are told apart by what stands before the first colon'],
      ['packages/otel-preload/test/ioredis-cache-counts.test.ts', 'is other where an id, an address or nothing stands there'],
    ],
  },
  {
    name: 'redis-key-prefix-kept',
    breaks: 'The cache type is looked for before the keyPrefix of the client.',
    file: 'packages/otel-preload/src/cache/cache-counts.ts',
    find: 'const name = nameAt(text, text.startsWith(keyPrefix) ? keyPrefix.length : 0);',
    replace: 'const name = nameAt(text, text.startsWith(keyPrefix) ? 0 : keyPrefix.length);',
    fails: [
      ['test/truth/cache.test.ts', 'through ioredis 6 are told apart by what stands before the first colon'],
      ['packages/otel-preload/test/ioredis-cache-counts.test.ts', 'is looked for behind the keyPrefix of the client'],
    ],
  },
  {
    name: 'redis-mget-as-one',
    breaks: 'MGET counts once, whatever the number of its keys.',
    file: 'packages/otel-preload/src/hooks/ioredis/reads.ts',
    find: 'for (let i = 0; i < reply.length; i += 1) any = count(cache.of(keys[i], keyPrefix), reply[i] !== null) || any;',
    replace: 'for (let i = 0; i < 1; i += 1) any = count(cache.of(keys[i], keyPrefix), reply[i] !== null) || any;',
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 are hits and misses exactly as the server counts them']],
  },
  {
    name: 'redis-queue-keys-counted',
    breaks: 'Keys of job queues with a prefix of the app’s own are taken for a cache.',
    file: 'packages/otel-preload/src/jobs/queue-keys.ts',
    find: 'this.#names.has(key.slice(0, end))',
    replace: 'this.#names.has(key)',
    fails: [
      ['test/truth/jobs.test.ts', 'of BullMQ 6 are no reads of a cache, whatever the prefix of their keys'],
      ['packages/otel-preload/test/ioredis-cache-counts.test.ts', 'is never that of a job queue'],
    ],
  },
  {
    name: 'redis-queued-is-a-hit',
    breaks: 'QUEUED, the answer to a read within MULTI, is taken for its value.',
    file: 'packages/otel-preload/src/hooks/ioredis/reply-watch.ts',
    find: 'if (queued !== undefined && connection.stream === client.stream && isQueued(reply)) {',
    replace: 'if (queued !== undefined && connection.stream === client.stream && kind === NOTHING && isQueued(reply)) {',
    fails: [
      ['test/truth/cache.test.ts', 'through ioredis 6 in transactions count when EXEC brings their values, and not at all when it brings none'],
    ],
  },
  {
    name: 'redis-resent-counted-again',
    breaks: 'A command that is sent again, after it waited offline, is counted again.',
    file: 'packages/otel-preload/src/hooks/ioredis/reply-watch.ts',
    find: `if (command[WATCHED] === resolve || command[WATCHED] === true) return;
    const watched = (reply: unknown): unknown => {
      try {
        // Sent again with another \`resolve\`: a cluster retries a pipeline, or another instrumentation has wrapped ours.
        if (command[WATCHED] === watched) this.#answered(client, connection, command, kind, reply);
      } catch (thrown) {
        saySo(thrown);
      }
      return resolve.call(command, reply);
    };
    command[WATCHED] = watched;
    command.resolve = watched;
  }

  #answered(client: Client, connection: Connection, command: Command, kind: number, reply: unknown): void {
    const { queued } = connection;
    if (queued !== undefined && connection.stream === client.stream && isQueued(reply)) {
      queued.push(command);
    } else if (kind === MULTI) {
      connection.queued = [];
      connection.stream = client.stream;
    } else if (kind === EXEC || kind === DISCARD) {
      connection.queued = undefined;
      if (kind === EXEC && queued !== undefined) this.#executed(client, queued, reply);
    } else {
      this.#count(client, command, reply);
    }
  }

  /** EXEC answers with a reply for each queued command, in their order; with null when a watched key had changed. */
  #executed(client: Client, queued: readonly Command[], reply: unknown): void {
    if (!Array.isArray(reply)) return;
    if (reply.length !== queued.length) {
      sayOnce('redis transaction', \`a Redis transaction of \${queued.length} commands had \${reply.length} replies: its reads are not counted\`);
      return;
    }
    for (const [i, command] of queued.entries()) this.#count(client, command, reply[i]);
  }

  #count(client: Client, command: Command, reply: unknown): void {
    if (command[WATCHED] === true) return;`,
    replace: `const watched = (reply: unknown): unknown => {
      try {
        // Sent again with another \`resolve\`: a cluster retries a pipeline, or another instrumentation has wrapped ours.
        this.#answered(client, connection, command, kind, reply);
      } catch (thrown) {
        saySo(thrown);
      }
      return resolve.call(command, reply);
    };
    command[WATCHED] = watched;
    command.resolve = watched;
  }

  #answered(client: Client, connection: Connection, command: Command, kind: number, reply: unknown): void {
    const { queued } = connection;
    if (queued !== undefined && connection.stream === client.stream && isQueued(reply)) {
      queued.push(command);
    } else if (kind === MULTI) {
      connection.queued = [];
      connection.stream = client.stream;
    } else if (kind === EXEC || kind === DISCARD) {
      connection.queued = undefined;
      if (kind === EXEC && queued !== undefined) this.#executed(client, queued, reply);
    } else {
      this.#count(client, command, reply);
    }
  }

  /** EXEC answers with a reply for each queued command, in their order; with null when a watched key had changed. */
  #executed(client: Client, queued: readonly Command[], reply: unknown): void {
    if (!Array.isArray(reply)) return;
    if (reply.length !== queued.length) {
      sayOnce('redis transaction', \`a Redis transaction of \${queued.length} commands had \${reply.length} replies: its reads are not counted\`);
      return;
    }
    for (const [i, command] of queued.entries()) this.#count(client, command, reply[i]);
  }

  #count(client: Client, command: Command, reply: unknown): void {`,
    fails: [['test/truth/cache.test.ts', 'through ioredis 6 that waited offline, or were sent again after the connection broke, count once']],
  },
  {
    name: 'redis-server-counted-twice',
    breaks: 'The memory of a server that is known under two addresses is counted twice.',
    file: 'packages/otel-preload/src/hooks/ioredis/cache-size.ts',
    find: 'return [runId, Number(used)];',
    replace: `return [\`\${runId} \${addressOf(client)}\`, Number(used)];`,
    fails: [['test/truth/cache.test.ts', 'from several servers add their memory up, each server once']],
  },
  {
    name: 'redis-timer-keeps-alive',
    breaks: 'The timer that asks for the cache size keeps the process alive.',
    file: 'packages/otel-preload/src/later.ts',
    find: 'return setTimeout(() => guarded(cause, work), ms).unref();',
    replace: 'return setTimeout(() => guarded(cause, work), ms);',
    hangs: [['test/truth/cache.test.ts', 'through ioredis 6 leave the process free to end (ends)']],
  },
  {
    name: 'redis-closed-is-an-alarm',
    breaks: 'A question to Redis that fails once is said to have failed.',
    file: 'packages/otel-preload/src/hooks/ioredis/poll.ts',
    find: 'if (this.#failures > 1) sayOnce',
    replace: 'sayOnce',
    fails: [['test/truth/redis-connections.test.ts', 'are opened anew without a word when a failure passes']],
  },
  {
    name: 'redis-connection-each-question',
    breaks: 'Each question to Redis opens a connection.',
    file: 'packages/otel-preload/src/hooks/ioredis/own-connection.ts',
    find: 'const socket = this.#socket ?? this.#take(open());',
    replace: 'const socket = this.#take(open());',
    fails: [['test/truth/redis-connections.test.ts', "are one a server, and end with the app's: by address"]],
  },
  {
    name: 'redis-connection-given-up-stays',
    breaks: 'A connection to Redis that does not answer stays open beside the next.',
    file: 'packages/otel-preload/src/hooks/ioredis/own-connection.ts',
    find: '    socket.destroy();\n',
    replace: '    void socket;\n',
    fails: [['test/truth/redis-connections.test.ts', 'are given up before the next is tried, when a server accepts and never answers']],
  },
  {
    name: 'redis-connection-outlives-clients',
    breaks: 'Our connection to Redis stays when the app has closed its last client there.',
    file: 'packages/otel-preload/src/hooks/ioredis/own-connections.ts',
    find: '    server.connection.end();\n',
    replace: '',
    hangs: [['test/truth/cache.test.ts', 'through ioredis 6 leave no connection behind when the app closes its own']],
  },
  {
    name: 'redis-queue-keys-each-looked-at',
    breaks: 'A key is compared with every queue that was ever named.',
    file: 'packages/otel-preload/src/jobs/queue-keys.ts',
    find: "let end = key.indexOf(':');",
    replace: "for (const name of this.#names) if (key.startsWith(name)) return true;\n    let end = key.indexOf(':');",
    fails: [['packages/otel-preload/test/ioredis-cache-counts.test.ts', 'is found with as much work for thousands of queues as for a few']],
  },
  {
    name: 'redis-queue-keys-kept',
    breaks: 'Every queue that was ever named is remembered.',
    file: 'packages/otel-preload/src/jobs/queue-keys.ts',
    find: '    this.#names.delete(oldest);\n',
    replace: '    void oldest;\n',
    fails: [
      ['packages/otel-preload/test/ioredis-cache-counts.test.ts', 'is still right for the latest queues when there are more than are remembered'],
    ],
  },
  {
    name: 'redis-socket-keeps-alive',
    breaks: 'Our connection to Redis keeps the process alive.',
    file: 'packages/otel-preload/src/hooks/ioredis/place.ts',
    find: '  socket.unref();\n',
    replace: '',
    hangs: [['test/truth/cache.test.ts', 'through ioredis 6 leave the process free to end (unrefs)']],
  },
  {
    name: 'redis-told-by-its-methods',
    breaks: 'What has the methods of ioredis is taken for a client of ioredis.',
    file: 'packages/otel-preload/src/hooks/ioredis/ioredis-classes.ts',
    find: '  for (let owner: object | null = client;',
    replace: "  if ('defineCommand' in client) return true;\n  for (let owner: object | null = client;",
    hangs: [['test/truth/redis-connections.test.ts', 'are none beside a client that only looks like one of ioredis']],
  },
];
