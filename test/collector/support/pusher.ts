// An app that pushes one counter, and keeps the account: what it sent, and what the collector said that it took.

export interface Sample {
  readonly at: number;
  readonly value: number;
}

export interface Pusher {
  readonly sent: readonly Sample[];
  readonly acknowledged: readonly Sample[];
  /** Pushes the next value, stamped with the present; true if it was acknowledged. */
  push(): Promise<boolean>;
}

const SERVICE = 'earntrack-pusher';

export function pusher(collectorUrl: string, name: string): Pusher {
  const sent: Sample[] = [];
  const acknowledged: Sample[] = [];
  return {
    sent,
    acknowledged,
    push: async () => {
      const sample = { at: Math.max(Date.now(), (sent.at(-1)?.at ?? 0) + 1), value: sent.length + 1 };
      sent.push(sample);
      const taken = await pushOnce(collectorUrl, name, sample);
      if (taken) acknowledged.push(sample);
      return taken;
    },
  };
}

/** One point of a total; false if nobody took it. */
export async function pushOnce(collectorUrl: string, name: string, { at, value }: Sample): Promise<boolean> {
  const point = { asInt: String(value), timeUnixNano: `${at}000000`, startTimeUnixNano: `${at - 1}000000` };
  const metric = { name, sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] } };
  const attributes = [
    { key: 'service.name', value: { stringValue: SERVICE } },
    { key: 'service.instance.id', value: { stringValue: 'one' } },
  ];
  const body = JSON.stringify({ resourceMetrics: [{ resource: { attributes }, scopeMetrics: [{ scope: { name: 'test' }, metrics: [metric] }] }] });
  try {
    const { ok } = await fetch(`${collectorUrl}/v1/metrics`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return ok;
  } catch {
    return false;
  }
}
