// Who is pushed to: an HTTP server that decodes OTLP metrics, and can behave as badly as a collector may.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import type { Samples } from './exposition';

/** What arrives by field numbers of https://github.com/open-telemetry/opentelemetry-proto; a truth apart from the serializer that is tested. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message Request { repeated ResourceMetrics resource_metrics = 1; }
  message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
  message ScopeMetrics { repeated Metric metrics = 2; }
  message Metric {
    string name = 1; string description = 2; string unit = 3;
    oneof data { Gauge gauge = 5; Sum sum = 7; Histogram histogram = 9; }
  }
  message Gauge { repeated Point data_points = 1; }
  message Sum { repeated Point data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
  message Histogram { repeated Buckets data_points = 1; int32 aggregation_temporality = 2; }
  message Point {
    repeated KeyValue attributes = 7; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    oneof value { double as_double = 4; sfixed64 as_int = 6; }
  }
  message Buckets {
    repeated KeyValue attributes = 9; fixed64 start_time_unix_nano = 2; fixed64 time_unix_nano = 3;
    fixed64 count = 4; double sum = 5; repeated fixed64 bucket_counts = 6; repeated double explicit_bounds = 7;
  }
  message Response { Partial partial_success = 1; }
  message Partial { int64 rejected_data_points = 1; string error_message = 2; }
`);
const Request = root.lookupType('Request');
const Response = root.lookupType('Response');

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Point {
  readonly attributes?: readonly KeyValue[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
}
interface Data {
  readonly dataPoints?: readonly Point[];
  /** 1: deltas, 2: totals. */
  readonly aggregationTemporality?: number;
}
interface Metric {
  readonly name: string;
  readonly unit?: string;
  readonly gauge?: Data;
  readonly sum?: Data;
  readonly histogram?: Data;
}
interface Decoded {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly Metric[] }[];
  }[];
}

/** One request that has arrived whole. */
export interface Push {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly metrics: readonly Metric[];
  /** The values as a scrape would have shown them: buckets cumulated, with `le`. */
  readonly samples: Samples;
}

/** `refuse` closes the port; `hang` takes all and never answers; `reset` cuts the connection; `garble` answers what is not HTTP. */
export type Manner =
  | 'take'
  | 'refuse'
  | 'hang'
  | 'reset'
  | 'garble'
  | { readonly status: number; readonly headers?: http.OutgoingHttpHeaders }
  | { readonly refused: number; readonly why: string };

export interface OtlpReceiver {
  readonly port: number;
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  /** All that were taken, in order. */
  readonly pushes: Push[];
  /** How often somebody has come, whatever became of it. */
  readonly attempts: () => number;
  behave(manner: Manner): Promise<void>;
  /** Withholds answers to what has arrived until the returned function is called. */
  withhold(): () => void;
  /** Waits until `done` holds, asked after each arrival. After 15 s it has failed. */
  until(done: (pushes: readonly Push[]) => boolean): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 15_000;

/** @param tls a key and certificate, for https */
export async function startOtlpReceiver(tls?: https.ServerOptions): Promise<OtlpReceiver> {
  let manner: Manner = 'take';
  let attempts = 0;
  let released = Promise.resolve();
  const pushes: Push[] = [];
  const sockets = new Set<Socket>();
  const listener: http.RequestListener = async (request, response) => {
    attempts += 1;
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined || manner === 'hang' || manner === 'refuse') return;
    if (manner === 'reset') return void request.socket.resetAndDestroy();
    if (manner === 'garble') return void request.socket.end('+OK this is another protocol\r\n');
    if (typeof manner === 'object' && 'status' in manner) return void response.writeHead(manner.status, manner.headers).end();
    pushes.push(pushOf(request, body));
    await released;
    const json = request.headers['content-type'] === 'application/json';
    response.setHeader('content-type', json ? 'application/json' : 'application/x-protobuf');
    const partial = typeof manner === 'object' ? { rejectedDataPoints: manner.refused, errorMessage: manner.why } : undefined;
    if (json) response.end(JSON.stringify(partial ? { partialSuccess: partial } : {}));
    else response.end(partial ? Response.encode(Response.fromObject({ partialSuccess: partial })).finish() : Buffer.alloc(0));
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    port,
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    pushes,
    attempts: () => attempts,
    async behave(next) {
      if (next === 'refuse' && server.listening) await close();
      if (next !== 'refuse' && !server.listening) {
        server.listen(port, '127.0.0.1');
        await once(server, 'listening');
      }
      manner = next;
      // Whoever waits for an answer from before would wait for ever.
      if (next !== 'hang') for (const socket of sockets) socket.destroy();
    },
    withhold() {
      let release = (): void => {};
      released = new Promise((resolve) => (release = resolve));
      return release;
    },
    async until(done) {
      for (const end = Date.now() + PATIENCE_MS; !done(pushes);) {
        if (Date.now() > end) assert.fail(`not pushed; ${attempts} attempts, ${pushes.length} pushes, the last one:\n${shown(pushes.at(-1))}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      if (server.listening) await close();
    },
  };
}

async function bodyOf(request: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function pushOf({ url, headers }: http.IncomingMessage, body: Buffer): Push {
  const request = (
    headers['content-type'] === 'application/json'
      ? JSON.parse(body.toString())
      : Request.toObject(Request.decode(body), { longs: String, arrays: true })
  ) as Decoded;
  const [first] = request.resourceMetrics;
  if (first === undefined) throw new Error('a push without a resource');
  const metrics = first.scopeMetrics.flatMap((scope) => scope.metrics);
  return { path: url!, headers, resource: plain(first.resource.attributes), metrics, samples: samplesOf(metrics) };
}

function plain(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function samplesOf(metrics: readonly Metric[]): Samples {
  const samples = new Map<string, number>();
  const put = (name: string, labels: Readonly<Record<string, unknown>>, value: number): void => {
    const text = Object.entries(labels)
      .map(([key, of]) => `${key}="${String(of)}"`)
      .toSorted();
    const series = text.length === 0 ? name : `${name}{${text.join(',')}}`;
    if (samples.has(series)) throw new Error(`twice in one push: ${series}`);
    samples.set(series, value);
  };
  for (const { name, gauge, sum, histogram } of metrics) {
    for (const point of [...(gauge?.dataPoints ?? []), ...(sum?.dataPoints ?? [])]) put(name, plain(point.attributes ?? []), valueOf(point));
    for (const { attributes = [], bucketCounts = [], explicitBounds = [], count, sum: total } of histogram?.dataPoints ?? []) {
      let below = 0;
      for (const [index, within] of bucketCounts.entries()) {
        below += Number(within);
        put(`${name}_bucket`, { ...plain(attributes), le: explicitBounds[index] ?? '+Inf' }, below);
      }
      put(`${name}_sum`, plain(attributes), total!);
      put(`${name}_count`, plain(attributes), Number(count));
    }
  }
  return samples;
}

function valueOf({ asDouble, asInt }: Point): number {
  return asDouble ?? Number(asInt);
}

function shown(push: Push | undefined): string {
  return [...(push?.samples ?? [])].map(([series, value]) => `${series} ${value}`).join('\n');
}
