// An app pushes while all that can go wrong behind it does, one after the other. In the end nothing that the collector took may be missing.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CREDENTIALS, startReceiver, type Receiver } from '../../support/remote-write-receiver';
import { startCollector, type Collector, type CollectorOptions } from './collector';
import { startFaultyReceiver, type Fault, type FaultyReceiver } from './faulty-receiver';
import { pusher, pushOnce, type Pusher } from './pusher';
import { until } from '../../support/until';

export interface OutageOptions extends Pick<CollectorOptions, 'files'> {
  readonly everyMs: number;
  /** How many values are pushed while the receiver is down; a quarter of them in each other state. */
  readonly downFor: number;
}

export interface Outage {
  readonly sent: number;
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged, and not stored under its time with its value. */
  readonly lost: number;
  /** Stored, and never sent so. */
  readonly foreign: number;
  /** Points that the collector said it gave up, and those of the poisoned batch that were stored. */
  readonly dropped: number;
  readonly poisonStored: number;
}

/** Older than any receiver takes: answered with 400. */
const TOO_OLD_MS = 2 * 3600 * 1000;
const COUNTER = 'pushed_total';
const FAULTS: readonly Fault[] = ['slow', 429, 503, 'resetting', 'hanging'];

interface Scene {
  readonly receiver: Receiver;
  readonly faulty: FaultyReceiver;
  readonly collector: Collector;
  readonly app: Pusher;
  readonly passwordFile: string;
}

export async function outage(options: OutageOptions): Promise<Outage> {
  const ends: (() => Promise<unknown> | void)[] = [];
  try {
    const scene = await stage(options, ends);
    await play(scene, options);
    return await account(scene);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function stage({ files }: OutageOptions, ends: (() => Promise<unknown> | void)[]): Promise<Scene> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'outage-'));
  ends.push(() => fs.rmSync(folder, { recursive: true }));
  const receiver = await startReceiver();
  ends.push(receiver.stop);
  const faulty = await startFaultyReceiver(receiver.writeUrl);
  ends.push(faulty.stop);
  const passwordFile = path.join(folder, 'password');
  fs.writeFileSync(passwordFile, CREDENTIALS.password, { mode: 0o600 });
  const env = {
    PROMETHEUS_REMOTE_WRITE_URL: faulty.writeUrl,
    PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username,
    PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: passwordFile,
  };
  const collector = await startCollector({ ...(files && { files }), env });
  ends.push(collector.stop);
  return { receiver, faulty, collector, app: pusher(collector.url, COUNTER), passwordFile };
}

async function play({ receiver, faulty, collector, app, passwordFile }: Scene, { everyMs, downFor }: OutageOptions): Promise<void> {
  const push = async (times: number): Promise<void> => {
    for (let pushed = 0; pushed < times; pushed += 1) {
      await app.push();
      await sleep(everyMs);
    }
  };
  const quarter = Math.ceil(downFor / 4);
  await push(quarter);
  await until(
    async () => (await receiver.samples(COUNTER)).length > 0,
    () => `nothing arrives\n${collector.log()}`,
  );

  await faulty.turn('refused');
  await push(quarter);
  await pushOnce(collector.url, 'poison_total', { at: Date.now() - TOO_OLD_MS, value: 1 });
  await push(quarter);
  const meanwhile = push(quarter);
  await collector.kill();
  await meanwhile;
  await collector.restart();
  await push(downFor - 3 * quarter);

  for (const fault of FAULTS) {
    await faulty.turn(fault);
    await push(quarter);
  }
  await faulty.turn('none');
  fs.writeFileSync(passwordFile, 'wrong');
  await push(quarter);
  await until(
    () => /401|Unauthorized/.test(collector.log()),
    () => `no 401 was met\n${collector.log()}`,
  );
  fs.writeFileSync(passwordFile, CREDENTIALS.password);
  await push(quarter);
}

async function account({ receiver, collector, app }: Scene): Promise<Outage> {
  const last = app.acknowledged.at(-1)!;
  await until(
    async () => (await receiver.samples(COUNTER)).some(([at]) => at === last.at),
    () => `the last value does not arrive\n${collector.log()}`,
  );
  const stored = await receiver.samples(COUNTER);
  const key = (at: number, value: number): string => `${at} ${value}`;
  const there = new Set(stored.map(([at, value]) => key(at, value)));
  const sent = new Set(app.sent.map(({ at, value }) => key(at, value)));
  return {
    sent: app.sent.length,
    acknowledged: app.acknowledged.length,
    stored: stored.length,
    lost: app.acknowledged.filter(({ at, value }) => !there.has(key(at, value))).length,
    foreign: stored.filter(([at, value]) => !sent.has(key(at, value))).length,
    dropped: await droppedBy(collector),
    poisonStored: (await receiver.samples('poison_total')).length,
  };
}

/** What CollectorDroppingData counts, since the collector's last start. */
async function droppedBy(collector: Collector): Promise<number> {
  const text = await (await fetch(collector.metricsUrl)).text();
  const losses = text.matchAll(/^otelcol_exporter_(?:send|enqueue)_failed_metric_points\{[^}]*exporter="otlp_http[^}]*\} (\S+)$/gm);
  return [...losses].reduce((sum, [, value]) => sum + Number(value), 0);
}
