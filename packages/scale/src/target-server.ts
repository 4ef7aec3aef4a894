// Serves a fleet to Prometheus: a page an instance, and the list of them for `http_sd_configs`.

import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import type { Fleet } from './fleet';
import { JOB } from './fleet';

export interface TargetServer {
  /** `http://host:port` */
  readonly url: string;
  /** How many scrapes were answered. */
  readonly scrapes: number;
  stop(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

const nowSeconds = (): number => Date.now() / 1000;

/** @throws if the address is not free */
export async function serveTargets(fleet: Fleet, { host, port }: Address): Promise<TargetServer> {
  let scrapes = 0;
  const server = http.createServer(({ url = '', headers }, response) => {
    const page = /^\/instances\/(\d+)$/.exec(url);
    if (url === '/targets') return answer(response, 'application/json', JSON.stringify(targetsOf(fleet, headers.host ?? '')));
    if (page === null || Number(page[1]) >= fleet.size) return response.writeHead(404).end();
    scrapes += 1;
    return answer(response, 'text/plain; version=0.0.4; charset=utf-8', fleet.exposition(Number(page[1]), nowSeconds()));
  });
  server.listen(port, host);
  await once(server, 'listening');
  const bound = server.address() as net.AddressInfo;
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    get scrapes() {
      return scrapes;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function answer(response: http.ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type }).end(body);
}

/** https://prometheus.io/docs/prometheus/latest/http_sd/ Targets have the name that the asker used. */
function targetsOf(fleet: Fleet, host: string): object[] {
  return fleet.names(nowSeconds()).map((instance, index) => ({ targets: [host], labels: { __metrics_path__: `/instances/${index}`, instance } }));
}

/** The scrape job for the targets, as YAML. */
export function scrapeJob(url: string, intervalSeconds: number): string {
  return [
    'scrape_configs:',
    `  - job_name: ${JOB}`,
    `    scrape_interval: ${intervalSeconds}s`,
    `    scrape_timeout: ${intervalSeconds}s`,
    '    http_sd_configs:',
    `      - url: ${url}/targets`,
    '        refresh_interval: 5s',
    '',
  ].join('\n');
}
