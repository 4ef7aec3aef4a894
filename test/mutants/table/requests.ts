import type { Mutant } from '../mutant';

export const requests: readonly Mutant[] = [
  {
    name: 'errors-after-headers-missed',
    breaks: 'An exception after the headers were sent is no error.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'else state.errorTooLate = true;',
    replace: 'else state.errorTooLate = false;',
    fails: [
      ['test/preload/express.test.ts', 'Express 5 with the preload counts exceptions that end in a 5xx or come too late, by class, and no 4xx'],
    ],
  },
  {
    name: 'errors-of-4xx',
    breaks: 'A 4xx is an error.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `else if (status >= '500') this.#countError(state, state.error === undefined ? 'HttpServerError' : errorType(state.error));`,
    replace: `else if (status >= '400') this.#countError(state, state.error === undefined ? 'HttpServerError' : errorType(state.error));`,
    fails: [
      ['test/truth/http.test.ts', 'of Express 5 errors are those that the client saw as 5xx, by class'],
      ['test/preload/express.test.ts', 'Express 5 with the preload counts exceptions that end in a 5xx or come too late, by class, and no 4xx'],
    ],
  },
  {
    name: 'errors-recovered-counted',
    breaks: 'An exception from which the app recovered is an error.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'if (state.errorTooLate) this.#countError(state, errorType(state.error));',
    replace: 'if (state.error !== undefined) this.#countError(state, errorType(state.error));',
    fails: [
      ['test/preload/express.test.ts', 'Express 5 with the preload counts exceptions that end in a 5xx or come too late, by class, and no 4xx'],
    ],
  },
  {
    name: 'errors-rejection-swallowed',
    breaks: 'Unhandled rejections are watched by a listener, which keeps alive a process that Node would end.',
    file: 'packages/otel-preload/src/hooks/process/errors.ts',
    find: '});',
    replace: `});
  process.on('unhandledRejection', () => {});`,
    hangs: [['test/preload/process-end.test.ts', 'by reject  is the same with the preload as without']],
  },
  {
    name: 'errors-rejection-twice',
    breaks: 'An unhandled rejection that becomes an uncaught exception is counted as both.',
    file: 'packages/otel-preload/src/hooks/process/errors.ts',
    find: `if (origin === 'uncaughtException') count(error);`,
    replace: `if (origin.startsWith('un')) count(error);`,
    fails: [['test/preload/process-end.test.ts', 'an unhandled rejection that ends as an uncaught exception is one error']],
  },
  {
    name: 'errors-without-exception-missed',
    breaks: 'A 5xx that no exception led to is no error.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `else if (status >= '500') this.#countError(state, state.error === undefined ? 'HttpServerError' : errorType(state.error));`,
    replace: `else if (status >= '500' && state.error !== undefined) this.#countError(state, state.error === undefined ? 'HttpServerError' : errorType(state.error));`,
    fails: [['test/truth/http.test.ts', 'of Express 5 errors are those that the client saw as 5xx, by class']],
  },
  {
    name: 'http-abort-is-200',
    breaks: 'A client that leaves before the headers counts as a 200.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `const CLIENT_LEFT = '499';`,
    replace: `const CLIENT_LEFT = '200';`,
    fails: [
      ['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint'],
      ['test/preload/frameworks.test.ts', 'h2c requests are counted, and one that the client cancels is a 499'],
    ],
  },
  {
    name: 'http-any-method',
    breaks: 'A method is a label value, whatever the client sends.',
    file: 'packages/otel-preload/src/requests/method-label.ts',
    find: `return typeof method === 'string' && METHODS.has(method) ? method : '_OTHER';`,
    replace: `return typeof method === 'string' && (METHODS.has(method) || method !== '') ? method : '_OTHER';`,
    fails: [['test/preload/express.test.ts', 'Express 5 with the preload counts each request once, under its template, method and the status sent']],
  },
  {
    name: 'http-buckets-not-scaled',
    breaks: 'The buckets of streams, which are recorded in seconds, are set in milliseconds.',
    file: 'packages/otel-preload/src/instruments/views.ts',
    find: 'aggregation: buckets(boundariesOf(config, metric).map((ms) => ms / 1000)),',
    replace: 'aggregation: buckets(boundariesOf(config, metric).map((ms) => ms)),',
    fails: [['packages/otel-preload/test/instruments.test.ts', 'on a bucket boundary count as within it, for each boundary']],
  },
  {
    name: 'http-check-continue-twice',
    breaks: 'A request that expects 100-continue is counted at each of its two events.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `if (requestState(request) !== undefined) return;`,
    replace: `if (requestState(request) !== undefined) return this.instruments.duration('http.server.request.duration', 0, 'POST', '200', UNMATCHED);`,
    fails: [['test/preload/frameworks.test.ts', 'an upgrade is not a request, and a request seen by checkContinue counts once']],
  },
  {
    name: 'http-counted-twice',
    breaks: 'A request is counted when its answer has been handed over, and again at its close.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `on.call(response, 'close', this.#close);`,
    replace: `on.call(response, 'close', this.#close);
    on.call(response, 'finish', () => this.instruments.duration('http.server.request.duration', 0, 'GET', '200', UNMATCHED));`,
    fails: [
      ['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint'],
      ['test/truth/http.test.ts', 'of Express 5 and each has its duration'],
    ],
  },
  {
    name: 'http-cut-by-server-is-499',
    breaks: 'A connection that the server itself cuts counts as one that the client left.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `const SERVER_CUT = '444';`,
    replace: `const SERVER_CUT = '499';`,
    fails: [['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint']],
  },
  {
    name: 'http-declined-route-kept',
    breaks: 'A route that handed the request on unanswered stays its endpoint.',
    file: 'packages/otel-preload/src/hooks/express/index.ts',
    find: 'state.endpoint = before;',
    replace: 'state.endpoint ??= before;',
    fails: [['test/preload/express.test.ts', 'Express 5 with the preload counts each request once, under its template, method and the status sent']],
  },
  {
    name: 'http-event-stream-is-499',
    breaks: 'A client that ends an event stream counts as one that left before the headers.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'const status = statusOf(response);',
    replace: 'const status = (response as ServerResponse).writableFinished ? statusOf(response) : whoLeft(response.req);',
    fails: [
      ['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint'],
      ['test/preload/express.test.ts', 'Express 5 with the preload counts each request once, under its template, method and the status sent'],
    ],
  },
  {
    name: 'http-milliseconds-not-scaled',
    breaks: 'The sum of durations is shown in seconds.',
    file: 'packages/otel-preload/src/exposition/derive.ts',
    find: 'return ({ buckets, sum, count }) => ({ buckets: { boundaries: boundaries as number[], counts: buckets.counts }, sum: (sum ?? 0) * 1000, count });',
    replace:
      'return ({ buckets, sum, count }) => ({ buckets: { boundaries: boundaries as number[], counts: buckets.counts }, sum: sum ?? 0, count });',
    fails: [['packages/otel-preload/test/instruments.test.ts', 'are recorded in seconds and shown in milliseconds, with the documented buckets']],
  },
  {
    name: 'http-mount-not-left',
    breaks: 'A mount that handed the request on still stands before what comes after it.',
    file: 'packages/otel-preload/src/hooks/express/index.ts',
    find: 'state.mount = outer;',
    replace: '',
    fails: [['test/preload/express.test.ts', 'Express 5 with the preload counts each request once, under its template, method and the status sent']],
  },
  {
    name: 'http-mounts-mixed-up',
    breaks: 'A router that is mounted twice has the endpoints of the mount that was first met.',
    file: 'packages/otel-preload/src/hooks/express/route-template.ts',
    find: `if (lead !== this.#lead || typeof this.path !== 'string') {`,
    replace: `if (this.#lead === undefined || typeof this.path !== 'string') {`,
    fails: [['test/preload/express.test.ts', 'Express 5 with the preload counts each request once, under its template, method and the status sent']],
  },
  {
    name: 'http-not-counted-at-close',
    breaks: 'A request is counted when its answer has been handed over, so that one without an answer never is.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `state.closed = true;`,
    replace: `state.closed = true;
    if (!response.headersSent) return;`,
    hangs: [['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint']],
  },
  {
    name: 'http-outer-mount-lost',
    breaks: 'Of nested mounts only the innermost stands before the route.',
    file: 'packages/otel-preload/src/hooks/express/index.ts',
    find: 'state.mount = joiner.after(outer, (request as { baseUrl?: string }).baseUrl);',
    replace: `state.mount = joiner.after('', (request as { baseUrl?: string }).baseUrl);`,
    fails: [
      ['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint'],
      ['test/preload/express.test.ts', 'Express 4 with the preload counts each request once'],
    ],
  },
  {
    name: 'http-over-when-the-app-says-so',
    breaks: 'A request is over when the app emits ‘close’ on its response.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'if ((response as { destroyed?: boolean }).destroyed === false) return;',
    replace: '',
    fails: [['test/truth/odd-answers.test.ts', `are counted when they are over, not when the app itself emits 'close'`]],
  },
  {
    name: 'http-own-listener-warned-of',
    breaks: 'The app’s own listeners on a response are one fewer before Node.js warns of them.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'if (most > 0) response.setMaxListeners(most + 1);',
    replace: 'if (most > 0) response.setMaxListeners(most);',
    fails: [['test/preload/same-behaviour.test.ts', 'behaves as without it: ten listeners of its own on a response']],
  },
  {
    name: 'http-raw-path-of-route',
    breaks: 'The endpoint of a route is the path that the client sent.',
    file: 'packages/otel-preload/src/hooks/express/index.ts',
    find: `return joiner.after(state.mount, request.url) || '/';`,
    replace: `return state.mount + (request.url ?? joiner.after(state.mount, request.url)) || '/';`,
    fails: [
      ['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint'],
      ['test/preload/express.test.ts', 'Express 5 with the preload counts each request once, under its template, method and the status sent'],
    ],
  },
  {
    name: 'http-scrape-counted',
    breaks: 'A scrape is counted as a request.',
    file: 'packages/otel-preload/src/hooks/node-http/server.ts',
    find: `if (endpoint.answers(server, first as Request, second as Response)) return true;
        requests.open(first as Request, second as Response);
        return false;`,
    replace: `requests.open(first as Request, second as Response);
        return endpoint.answers(server, first as Request, second as Response);`,
    fails: [['test/preload/port-rule.test.ts', 'METRICS_PORT is PORT: they are on it, and the scrapes are not counted']],
  },
  {
    name: 'http-status-and-message-too-late',
    breaks: 'A status that was set too late counts, if its message was set with it.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'if (statusCode < 400 && statusMessage === STATUS_CODES[statusCode]) return status;',
    replace: 'if (statusMessage === STATUS_CODES[statusCode]) return status;',
    fails: [['test/truth/odd-answers.test.ts', 'are counted under the status that was sent, not under one that was set too late']],
  },
  {
    name: 'http-status-set-too-late',
    breaks: 'The status is the one that was set last, sent or not.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: 'return head.startsWith(status, STATUS_AT) ? status : head.slice(STATUS_AT, STATUS_AT + 3);',
    replace: 'return head.startsWith(status, STATUS_AT) ? status : status;',
    fails: [['test/truth/odd-answers.test.ts', 'are counted under the status that was sent, not under one that was set too late']],
  },
  {
    name: 'http-unmatched-as-raw-path',
    breaks: 'A request that no route has answered is counted under its path.',
    file: 'packages/otel-preload/src/requests/tracker.ts',
    find: `this.instruments.duration('http.server.request.duration', seconds, state.method, status, state.endpoint ?? UNMATCHED);`,
    replace: `this.instruments.duration('http.server.request.duration', seconds, state.method, status, state.endpoint ?? response.req.url ?? UNMATCHED);`,
    fails: [
      ['test/truth/http.test.ts', '300 random paths that do not exist are one series, not 300'],
      ['test/truth/http.test.ts', 'of Express 5 a thousand mixed requests are counted per method, status and endpoint'],
    ],
  },
  {
    name: 'next-error-page-as-route',
    breaks: 'The page that Next.js answers with where it has no other counts as a route.',
    file: 'packages/otel-preload/src/hooks/next/index.ts',
    find: `/** The pages of Next.js for answering when no page matches, or a page failed. */
const ERROR_PAGES: ReadonlySet<unknown> = new Set(['/404', '/500', '/_error', '/_global-error', '/_not-found']);

interface Meta {
  readonly match?: { readonly definition?: { readonly pathname?: unknown } };
  /** The file found by the router: still there when an error page has taken the place of the match. */
  readonly invokeOutput?: unknown;
}

/** Call at the end of a request. Undefined without a route of the app's files: assets, redirects, answers of middleware. */
export function nextRoute(request: Request): string | undefined {
  const meta = (request as { readonly [META]?: Meta })[META];
  if (!meta?.match) return undefined;
  return [meta.match.definition?.pathname, meta.invokeOutput].find(isRoute);
}

function isRoute(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith('/') && !ERROR_PAGES.has(path);`,
    replace: `
interface Meta {
  readonly match?: { readonly definition?: { readonly pathname?: unknown } };
  /** The file found by the router: still there when an error page has taken the place of the match. */
  readonly invokeOutput?: unknown;
}

/** Call at the end of a request. Undefined without a route of the app's files: assets, redirects, answers of middleware. */
export function nextRoute(request: Request): string | undefined {
  const meta = (request as { readonly [META]?: Meta })[META];
  if (!meta?.match) return undefined;
  return [meta.match.definition?.pathname, meta.invokeOutput].find(isRoute);
}

function isRoute(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith('/');`,
    fails: [['test/nodes/next.test.ts', 'by -r: every request is scraped under its route']],
  },
  {
    name: 'next-failed-page-unmatched',
    breaks: 'A page of Next.js that failed is lost to the page that says so.',
    file: 'packages/otel-preload/src/hooks/next/index.ts',
    find: 'return [meta.match.definition?.pathname, meta.invokeOutput].find(isRoute);',
    replace: 'return [meta.match.definition?.pathname].find(isRoute);',
    fails: [
      ['test/nodes/next.test.ts', 'by -r: every request is scraped under its route'],
      ['test/nodes/next.test.ts', 'by register(), as on Vercel: every request is pushed under its route'],
    ],
  },
  {
    name: 'outgoing-https-missed',
    breaks: 'Requests through node:https are missed.',
    file: 'packages/otel-preload/src/hooks/node-http/client.ts',
    find: `watchCalls('https', require('node:https') as typeof import('node:https'), provider);`,
    replace: '',
    fails: [['test/preload/outgoing.test.ts', 'are counted once each, over node:http and node:https and in each way to call them: outgoing.mjs']],
  },
  {
    name: 'outgoing-loaded-at-the-start',
    breaks: 'What measures outgoing requests is loaded at every start.',
    file: 'packages/otel-preload/src/hooks/node-http/client.ts',
    find: 'export function watchHttpClient(provider: MeterProvider): void {',
    replace: `export function watchHttpClient(provider: MeterProvider): void {
  loadCalls();`,
    fails: [['test/preload/outgoing.test.ts', 'have what measures them loaded with the first one, not before']],
  },
];
