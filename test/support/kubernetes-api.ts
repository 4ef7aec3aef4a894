// As much of Kubernetes' API as Prometheus asks for when it discovers pods: a list of them, and a watch on which nothing more happens.

import http from 'node:http';
import type net from 'node:net';
import type { Manifest } from './manifests';

export interface KubernetesApi {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** Paths of what was asked for. */
  readonly asked: ReadonlySet<string>;
  stop(): void;
}

/** @param pods as the API has them, with their status */
export async function startKubernetesApi(pods: readonly Manifest[]): Promise<KubernetesApi> {
  const asked = new Set<string>();
  const server = http.createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://api');
    asked.add(pathname);
    response.setHeader('content-type', 'application/json');
    if (searchParams.get('watch') === null) {
      response.end(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '1' }, items: pods }));
    } else if (searchParams.get('sendInitialEvents') === 'true') {
      for (const object of pods) response.write(`${JSON.stringify({ type: 'ADDED', object })}\n`);
      response.write(`${JSON.stringify({ type: 'BOOKMARK', object: END_OF_LIST })}\n`);
    } else response.flushHeaders();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`, asked, stop };
}

const END_OF_LIST = {
  kind: 'Pod',
  apiVersion: 'v1',
  metadata: { resourceVersion: '1', annotations: { 'k8s.io/initial-events-end': 'true' } },
};
