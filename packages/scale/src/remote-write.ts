// A fleet's samples as Prometheus's remote write 1.0: protobuf, snappy, HTTP. https://prometheus.io/docs/specs/prw/remote_write_spec/

import protobuf from 'protobufjs/light';
import { compress } from 'snappyjs';
import type { Series } from './blueprint';
import { JOB, type Fleet } from './fleet';
import { SAMPLES_A_REQUEST } from './sizing';

const { nested } = {
  nested: {
    Label: { fields: { name: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Sample: { fields: { value: { type: 'double', id: 1 }, timestamp: { type: 'int64', id: 2 } } },
    TimeSeries: { fields: { labels: { rule: 'repeated', type: 'Label', id: 1 }, samples: { rule: 'repeated', type: 'Sample', id: 2 } } },
    WriteRequest: { fields: { timeseries: { rule: 'repeated', type: 'TimeSeries', id: 1 } } },
  },
};
const WriteRequest = protobuf.Root.fromJSON({ nested }).lookupType('WriteRequest');

/** A body of at most 2,000 samples, and their number. */
export interface Batch {
  readonly body: Uint8Array;
  readonly samples: number;
}

/** The samples of an instance at `now` (seconds), in batches. */
export function batchesOf(fleet: Fleet, index: number, now: number): readonly Batch[] {
  const { name, values } = fleet.sample(index, now);
  const timestamp = Math.round(now * 1000);
  const timeseries = fleet.blueprint.series.map((series, at) => ({
    labels: labelsOf(series, name),
    samples: [{ value: values[at]!, timestamp }],
  }));
  const starts = Array.from({ length: Math.ceil(timeseries.length / SAMPLES_A_REQUEST) }, (_, count) => count * SAMPLES_A_REQUEST);
  return starts.map((start) => encoded(timeseries.slice(start, start + SAMPLES_A_REQUEST)));
}

function encoded(timeseries: readonly object[]): Batch {
  return { body: compress(WriteRequest.encode({ timeseries }).finish()), samples: timeseries.length };
}

/** The receiver wants label names in order. */
function labelsOf({ name, labels }: Series, instance: string): { name: string; value: string }[] {
  const all = { ...labels, __name__: name, job: JOB, instance };
  return Object.entries(all)
    .map(([label, value]) => ({ name: label, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface Receiver {
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
  'user-agent': 'earntrack-load',
};
const TIMEOUT_MS = 10_000;

/** Resolves once the receiver has taken the body. @throws with the receiver's own words after a refusal */
export async function push({ url, username, password }: Receiver, { body }: Batch): Promise<void> {
  const basic: Record<string, string> =
    username === undefined ? {} : { authorization: `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}` };
  const request = { method: 'POST', headers: { ...HEADERS, ...basic }, body: Buffer.from(body), signal: AbortSignal.timeout(TIMEOUT_MS) };
  const response = await fetch(url, request);
  const words = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${words.trim().split('\n')[0]!.slice(0, 200)}`);
}
