// The flags that put a node of compose/mimir.yml on this machine's loopback, beside two others, with a folder in place of object storage.

import path from 'node:path';

export interface NodePorts {
  readonly http: number;
  readonly grpc: number;
  readonly gossip: number;
}

/** Each would find an address of its own otherwise, which on one machine is the same for all, or none. */
const RINGS = [
  'distributor.ring',
  'ingester.ring',
  'querier.ring',
  'query-scheduler.ring',
  'store-gateway.sharding-ring',
  'compactor.ring',
  'ruler.ring',
  'overrides-exporter.ring',
];

/** @param folder what the node keeps @param shared what all of them keep together */
export function nodeFlags(name: string, ports: NodePorts, gossip: readonly number[], folder: string, shared: string): readonly string[] {
  const within = (place: string): string => path.join(folder, place);
  return [
    ...['http', 'grpc'].map((server) => `-server.${server}-listen-address=127.0.0.1`),
    `-server.http-listen-port=${ports.http}`,
    `-server.grpc-listen-port=${ports.grpc}`,
    ...RINGS.flatMap((ring) => [`-${ring}.instance-id=${name}`, `-${ring}.instance-addr=127.0.0.1`]),
    '-query-frontend.instance-addr=127.0.0.1',
    `-memberlist.nodename=${name}`,
    '-memberlist.bind-addr=127.0.0.1',
    `-memberlist.bind-port=${ports.gossip}`,
    '-memberlist.advertise-addr=127.0.0.1',
    `-memberlist.advertise-port=${ports.gossip}`,
    ...gossip.map((port) => `-memberlist.join=127.0.0.1:${port}`),
    '-ingester.ring.min-ready-duration=0s',
    `-ingester.ring.tokens-file-path=${within('tokens')}`,
    ...['blocks', 'ruler'].flatMap((storage) => [
      `-${storage}-storage.backend=filesystem`,
      `-${storage}-storage.filesystem.dir=${path.join(shared, storage)}`,
    ]),
    `-blocks-storage.tsdb.dir=${within('ingester')}`,
    `-blocks-storage.bucket-store.sync-dir=${within('store-gateway')}`,
    `-compactor.data-dir=${within('compactor')}`,
    `-ruler.rule-path=${within('ruler')}`,
    `-activity-tracker.filepath=${within('activity.log')}`,
  ];
}
