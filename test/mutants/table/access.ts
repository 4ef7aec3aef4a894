import type { Mutant } from '../mutant';

export const access: readonly Mutant[] = [
  {
    name: 'access-forwarded-is-private',
    breaks: 'A request that a proxy passes on is as private as the proxy.',
    file: 'packages/otel-preload/src/endpoint/access.ts',
    find: `if (isForwarded(headers)) return 'proxy';`,
    replace: '',
    fails: [
      ['test/preload/access.test.ts', 'who comes through a reverse proxy is not, is told the remedy'],
      ['packages/otel-preload/test/endpoint-access.test.ts', 'behind a proxy that sends X-Forwarded-For'],
    ],
  },
  {
    name: 'access-proxies-by-name',
    breaks: 'Only the headers that most proxies send count as a proxy’s.',
    file: 'packages/otel-preload/src/endpoint/direct-headers.ts',
    find: 'return Object.keys(headers).find((name) => !isDirect(name));',
    replace: 'return Object.keys(headers).find((name) => !isDirect(name) && /^(forwarded|via|x-real-ip|x-forwarded-.*)$/.test(name));',
    fails: [
      ['packages/otel-preload/test/endpoint-access.test.ts', 'behind a proxy that sends CF-Connecting-IP'],
      ['packages/otel-preload/test/endpoint-access.test.ts', 'behind a proxy that sends X-Newest-CDN-IP'],
    ],
  },
  {
    name: 'access-open-in-production',
    breaks: 'In production without a token everybody is answered.',
    file: 'packages/otel-preload/src/endpoint/access-table.ts',
    find: `{ production: false, verdict: 'granted' }`,
    replace: `{ production: true, verdict: 'granted' }`,
    fails: [['packages/otel-preload/test/endpoint-access.test.ts', 'is not for the public "8.8.8.8"']],
  },
  {
    name: 'access-token-by-its-start',
    breaks: 'A token is right if it begins as it should.',
    file: 'packages/otel-preload/src/endpoint/access.ts',
    find: 'isToken(credentials(headers.authorization));',
    replace: 'isToken(credentials(headers.authorization).subarray(0, Buffer.byteLength(token)));',
    fails: [['packages/otel-preload/test/endpoint-access.test.ts', 'is not for who brings more than it']],
  },
  {
    name: 'live-any-name-is-local',
    breaks: 'A page of elsewhere, whose name leads to this machine, gets the live page.',
    file: 'packages/otel-preload/src/endpoint/access.ts',
    find: `isOwnName(headers[':authority'] ?? headers.host)`,
    replace: `isOwnName('localhost')`,
    fails: [['test/preload/live-access.test.ts', 'a name of elsewhere that leads to loopback is not']],
  },
  {
    name: 'live-without-the-switch',
    breaks: 'Whoever has the token sees the live page from elsewhere, although METRICS_LIVE is not set.',
    file: 'packages/otel-preload/src/endpoint/access-table.ts',
    find: `{ live: true, token: 'brought', verdict: 'granted' }`,
    replace: `{ token: 'brought', verdict: 'granted' }`,
    fails: [['test/preload/live-access.test.ts', 'is 404 without METRICS_LIVE, whoever asks']],
  },
  {
    name: 'live-absent-without-a-word',
    breaks: 'Whoever asks for the live page from another machine gets a 404, and nobody is told why.',
    file: 'packages/otel-preload/src/endpoint/index.ts',
    find: `sayOnce('METRICS_LIVE', LIVE_ELSEWHERE);`,
    replace: 'void LIVE_ELSEWHERE;',
    hangs: [['test/preload/live-access.test.ts', 'one line names METRICS_LIVE']],
  },
];
