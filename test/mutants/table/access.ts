import type { Mutant } from '../mutant';

export const access: readonly Mutant[] = [
  {
    name: 'access-forwarded-is-private',
    breaks: 'A request that a proxy passes on is as private as the proxy.',
    file: 'packages/otel-preload/src/endpoint/access.ts',
    find: 'return !isForwarded(headers) && (overUnixSocket || isPrivateAddress(address));',
    replace: 'return overUnixSocket || (isPrivateAddress(address) && headers !== undefined);',
    fails: [
      ['test/preload/access.test.ts', 'who comes through a reverse proxy is not, is told the remedy'],
      ['packages/otel-preload/test/endpoint-access.test.ts', 'behind a proxy that sends x-forwarded-for'],
    ],
  },
  {
    name: 'access-open-in-production',
    breaks: 'In production without a token everybody is answered.',
    file: 'packages/otel-preload/src/endpoint/access.ts',
    find: `if (!production || answerPublic) return () => 'granted';`,
    replace: `if (production || answerPublic) return () => 'granted';`,
    fails: [['packages/otel-preload/test/endpoint-access.test.ts', 'is not for the public "8.8.8.8"']],
  },
  {
    name: 'access-token-by-its-start',
    breaks: 'A token is right if it begins as it should.',
    file: 'packages/otel-preload/src/endpoint/access.ts',
    find: `return ({ headers }) => (isToken(credentials(headers.authorization)) ? 'granted' : 'unauthorized');`,
    replace: `return ({ headers }) => (isToken(credentials(headers.authorization).subarray(0, Buffer.byteLength(token))) ? 'granted' : 'unauthorized');`,
    fails: [['packages/otel-preload/test/endpoint-access.test.ts', 'is not for who brings more than it']],
  },
  {
    name: 'live-any-name-is-local',
    breaks: 'A page of elsewhere, whose name leads to this machine, gets the live page.',
    file: 'packages/otel-preload/src/endpoint/live-access.ts',
    find: `return !overUnixSocket && isLoopback(address) && !isForwarded(headers) && isOwnName(headers[':authority'] ?? headers.host);`,
    replace: `return !overUnixSocket && isLoopback(address) && !isForwarded(headers) && isOwnName('localhost');`,
    fails: [['test/preload/live-access.test.ts', 'a name of elsewhere that leads to loopback is not']],
  },
  {
    name: 'live-without-the-switch',
    breaks: 'Whoever has the token sees the live page from elsewhere, although METRICS_LIVE is not set.',
    file: 'packages/otel-preload/src/endpoint/live-access.ts',
    find: `if (!rule.live || rule.token === undefined) return 'absent';`,
    replace: `if (rule.token === undefined) return 'absent';`,
    fails: [['test/preload/live-access.test.ts', 'is 404 without METRICS_LIVE, whoever asks']],
  },
];
