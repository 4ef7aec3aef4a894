// Decides which servers serve the metrics, and if the preload may open a server of its own. Knows ports; opens and answers nothing.

import type net from 'node:net';
import type { Config } from '../config';
import { listenOnce } from '../later';

export type PortSettings = Pick<Config, 'port' | 'portOfExporter' | 'appPort'>;

/** The port of a listening server; undefined for a Unix socket, or a server that does not listen. */
export function portOf(server: net.Server): number | undefined {
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}

/** The name of the request listener of OpenTelemetry's PrometheusExporter, in all of its versions up to 0.223. */
const EXPORTERS_LISTENER = '_requestHandler';

export class PortRule {
  /** True once the app has listened on METRICS_PORT itself. */
  appServed = false;
  /** Servers of the app's own OpenTelemetry exporters: the answers there belong to the app. */
  readonly #exporters = new WeakSet<net.Server>();
  /** True once an exporter of the app's own has listened on METRICS_PORT. */
  exporterServed = false;
  /** The app's listening HTTP servers, the earliest first. */
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

  /** OTEL_EXPORTER_PROMETHEUS_PORT names the exporter's port: a server on this port is an exporter, however bundled. */
  #isExporter(server: net.Server): boolean {
    const { port, portOfExporter } = this.settings;
    if (portOfExporter && portOf(server) === port) return true;
    return server.listeners('request').some(({ name }) => name === EXPORTERS_LISTENER);
  }

  /** METRICS_PORT; undefined if OTEL_EXPORTER_PROMETHEUS_PORT merely stood in for METRICS_PORT, and an exporter has taken the port. */
  get #port(): number | undefined {
    return this.settings.portOfExporter && this.exporterServed ? undefined : this.settings.port;
  }

  /**
   * True if this server serves the metrics: a server on METRICS_PORT. With METRICS_PORT unset: the first server still
   * listening, and all servers on the same port (for `localhost`, frameworks open a server per address).
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
   * The reason why the preload may not open METRICS_PORT in this process; undefined if the preload may. Asked late: a process
   * starts its cluster workers late.
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
