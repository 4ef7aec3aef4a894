// Which servers serve the metrics, and whether a server of our own may. Knows ports; opens and answers nothing.

import type net from 'node:net';
import type { Config } from '../config';
import { listenOnce } from '../later';

export type PortSettings = Pick<Config, 'port' | 'portOfExporter' | 'appPort'>;

/** The port that a server listens on; undefined for a Unix socket, or a server that does not listen. */
export function portOf(server: net.Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/** The name of the request listener of OpenTelemetry's PrometheusExporter, in all of its versions up to 0.223. */
const EXPORTERS_LISTENER = '_requestHandler';

export class PortRule {
  /** The app has listened on METRICS_PORT itself. */
  appServed = false;
  /** Servers of an OpenTelemetry exporter of the app's own: what they answer is the app's. */
  readonly #exporters = new WeakSet<net.Server>();
  /** An exporter of the app's own has listened on METRICS_PORT. */
  exporterServed = false;
  /** The app's HTTP servers, in the order in which they began to listen. */
  readonly #opened = new Set<net.Server>();

  constructor(private readonly settings: PortSettings) {}

  opened(server: net.Server): void {
    const isOnMetricsPort = portOf(server) === this.settings.port;
    this.appServed ||= isOnMetricsPort;
    if (this.#isExporter(server)) {
      this.#exporters.add(server);
      this.exporterServed ||= isOnMetricsPort;
      return;
    }
    this.#opened.add(server);
    listenOnce('a closed server', server, 'close', () => this.#opened.delete(server));
  }

  /** OTEL_EXPORTER_PROMETHEUS_PORT names the exporter's port: who listens there, however bundled, is one. */
  #isExporter(server: net.Server): boolean {
    const { port, portOfExporter } = this.settings;
    if (portOfExporter && portOf(server) === port) return true;
    return server.listeners('request').some(({ name }) => name === EXPORTERS_LISTENER);
  }

  /** METRICS_PORT. One that only stood in for it, and turned out to be the exporter's, is as unset. */
  get #port(): number | undefined {
    return this.settings.portOfExporter && this.exporterServed ? undefined : this.settings.port;
  }

  /**
   * True if the metrics are to be found on this server: one on METRICS_PORT; where that is unset, the first that still
   * listens, and those on the same port (frameworks open one server an address for `localhost`).
   *
   * @param localPort of the request's socket: for servers that are handed their connections and do not listen
   */
  serves(server: net.Server, localPort: number | undefined): boolean {
    if (this.#exporters.has(server)) return false;
    const port = this.#port;
    if (port !== undefined) return (portOf(server) ?? localPort) === port;
    const first = this.#first();
    if (first === undefined || first === server) return true;
    const shared = portOf(first);
    return shared !== undefined && (portOf(server) ?? localPort) === shared;
  }

  /** An HTTP server of the app listens somewhere. */
  get appListens(): boolean {
    return this.#opened.size > 0;
  }

  /**
   * Why no server of ours may open METRICS_PORT in this process, or undefined if one may. Asked late: only then is it
   * known whether the process has cluster workers.
   */
  get obstacle(): string | undefined {
    if (this.settings.port === this.settings.appPort) return 'it is PORT, which belongs to the app';
    const cluster = require('node:cluster') as typeof import('node:cluster').default;
    // A worker's server would be shared by all workers through the primary, or fight with theirs.
    if (cluster.isWorker) return 'a cluster worker opens no port of its own';
    return Object.keys(cluster.workers ?? {}).length > 0 ? 'its port belongs to the cluster workers' : undefined;
  }

  #first(): net.Server | undefined {
    for (const server of this.#opened) if (server.listening) return server;
    return undefined;
  }
}
