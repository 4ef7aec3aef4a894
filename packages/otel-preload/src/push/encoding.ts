// A batch as the body of a request.

import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { JsonMetricsSerializer, ProtobufMetricsSerializer } from '@opentelemetry/otlp-transformer';
import type { Resource } from '@opentelemetry/resources';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { PushConfig } from '../config';

const gzip = promisify(zlib.gzip);

export interface Body {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export async function encode(resource: Resource, scopeMetrics: ScopeMetrics[], { protocol, gzip: compressed }: PushConfig): Promise<Body> {
  const plain = serializerOf(protocol).serializeRequest({ resource, scopeMetrics }) as Uint8Array;
  const headers = { 'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf' };
  if (!compressed) return { bytes: plain, headers };
  return { bytes: await gzip(plain, { level: 1 }), headers: { ...headers, 'content-encoding': 'gzip' } };
}

/** The number of points refused out of an accepted batch, and the reason; https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
export function refusedIn(answer: Uint8Array, { protocol }: PushConfig): { readonly points: number; readonly why: string } {
  try {
    const { partialSuccess } = answer.length === 0 ? {} : serializerOf(protocol).deserializeResponse(answer);
    // In JSON the number may be a text.
    const points = Number((partialSuccess?.rejectedDataPoints as number | string | undefined) ?? 0);
    return { points, why: partialSuccess?.errorMessage ?? '' };
  } catch {
    // Proxies answer with a page of their own.
    return { points: 0, why: '' };
  }
}

function serializerOf(protocol: PushConfig['protocol']): typeof ProtobufMetricsSerializer {
  return protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer;
}
