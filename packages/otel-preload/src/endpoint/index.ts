// GET /metrics and the page at /metrics/live, on the app's own server or on the fallback server. The endpoint is handed the scrape, and knows
// nothing of OpenTelemetry.

import type net from 'node:net';
import type { Config } from '../config';
import type { Scrape } from '../exposition/scrape';
import { sayOnce } from '../log';
import { isSigned, lookFor } from '../requests/own-routes';
import { createAccess, type Caller } from './access';
import { answering, answeringLater } from './answering';
import { oneAtATime } from './connections';
import { foreignHeader } from './direct-headers';
import { giveWay, type Page } from './give-way';
import { isPath, sendLine, type Request, type Response } from './exchange';
import { MetricsPort, type Answer } from './metrics-port';
import { PortRule } from './port-rule';
import { sendLivePage } from './send-live-page';
import { scrapeSender } from './send-scrape';

export type EndpointConfig = Pick<Config, 'path' | 'port' | 'portOfExporter' | 'appPort' | 'host' | 'token' | 'answerPublic' | 'production' | 'live'>;

export interface Endpoint {
  /** Answers a scrape on an app's server. True: the app must not see this request. Called for every request, and cheap. */
  answers(server: net.Server, request: Request, response: Response): boolean;
  /** An HTTP server of the app began to listen. */
  listening(server: net.Server): void;
  /**
   * A server of the app could not listen because the port is taken. True: the error is withheld, because the port may
   * come free from a fallback server, in this or in a further process; the app's server then listens, or the error follows.
   */
  addressInUse(server: net.Server, error: NodeJS.ErrnoException): boolean;
}

export interface EndpointParts {
  readonly config: EndpointConfig;
  readonly scrape: Scrape;
  /** The hooks whose libraries the app has loaded so far. */
  readonly loaded: ReadonlySet<string>;
}

/** Starts to wait for the app's servers. To be called once. */
export function createEndpoint({ config, scrape, loaded }: EndpointParts): Endpoint {
  const { path, port } = config;
  const access = createAccess(config);
  const rule = new PortRule(config);
  const sendScrape = scrapeSender(scrape);

  const answerScrape: Answer = (server, request, response) => {
    switch (access.metrics(callerOf(server, request))) {
      case 'granted':
        answeringLater(response, sendScrape(request, response));
        break;
      case 'unauthorized':
        sendLine(response, 401, 'The metrics need METRICS_AUTH_TOKEN.', CHALLENGE);
        break;
      case 'forbidden':
        sayOnce('forbidden', `a scrape from a public address or through a proxy${signOfProxy(request)} was refused: ${REMEDY}`);
        sendLine(response, 403, `Refused for public addresses and behind proxies${signOfProxy(request)}: ${REMEDY}`);
    }
    return true;
  };
  const answerLive: Answer = (server, request, response) => {
    switch (access.live(callerOf(server, request))) {
      case 'granted':
        answeringLater(response, sendLivePage(request, response));
        return true;
      case 'unauthorized':
        sendLine(response, 401, 'The live page needs METRICS_AUTH_TOKEN.', CHALLENGE);
        return true;
      case 'absent':
        sayOnce('METRICS_LIVE', LIVE_ELSEWHERE);
        return false;
    }
  };
  const besideScrape: Page['beside'] = (server, request, response, own) => {
    const isGranted = access.metrics(callerOf(server, request)) === 'granted';
    if (isGranted) answeringLater(response, sendScrape(request, response, own));
    return isGranted;
  };
  lookFor(path);
  const pages: readonly Page[] = [
    { path, answer: oneAtATime(answerScrape), beside: besideScrape },
    { path: `${path.replace(/\/$/, '')}/live`, answer: oneAtATime(answerLive) },
  ];
  const pageAt = (url: string): Page | undefined => pages.find((page) => isPath(url, page.path));
  const metricsPort = port === undefined ? undefined : new MetricsPort({ ...config, port }, rule, (url) => pageAt(url)?.answer, loaded);

  return {
    answers(server, request, response) {
      const { url, method } = request;
      if (url === undefined || !url.startsWith(path)) return false;
      const page = pageAt(url);
      if (page === undefined) return false;
      if (method !== 'GET' && method !== 'HEAD') return false;
      if (!rule.serves(server, request.socket.localPort)) return false;
      if (isSigned(server)) {
        giveWay({ server, request, response, page });
        return false;
      }
      return answering(response, () => page.answer(server, request, response));
    },
    listening(server) {
      rule.opened(server);
      metricsPort?.listening(server);
    },
    addressInUse: (server, error) => metricsPort?.addressInUse(server, error) ?? false,
  };
}

const REMEDY = 'set METRICS_AUTH_TOKEN, or METRICS_PUBLIC=true if they may be seen by all.';

const LIVE_ELSEWHERE =
  'the live page was asked for from another machine, through a proxy or under a name that is not localhost, and is not served there: ' +
  'if you want it there, set METRICS_LIVE=true and METRICS_AUTH_TOKEN';

/** Names the header that a direct caller would not send, so that the operator can see why the preload suspects a proxy. */
function signOfProxy({ headers }: Request): string {
  const name = foreignHeader(headers);
  return name === undefined ? '' : ` (it sent ${name.slice(0, 60)})`;
}

/** Browsers log in by basic auth, and some look at the first challenge only. */
const CHALLENGE = { 'www-authenticate': ['Basic realm="metrics", charset="UTF-8"', 'Bearer realm="metrics"'] };

function callerOf(server: net.Server, request: Request): Caller {
  const { headers, socket } = request;
  // Only a listening server without a port is known to be on a Unix socket: a socket without an address may be anything.
  const overUnixSocket = server.listening && typeof server.address() !== 'object';
  return { headers, address: socket.remoteAddress, overUnixSocket };
}
