// A fleet that pushes without pause to whichever node of a cluster takes it, and knows what was taken.

import { setTimeout as sleep } from 'node:timers/promises';
import { Fleet } from '../fleet';
import { batchesOf, push, type Batch } from '../remote-write';
import type { Node } from './cluster';

export interface SteadyLoad {
  /** Samples that a node has acknowledged. */
  readonly taken: number;
  /** Rounds that every instance has gone through. */
  readonly rounds: number;
  /** Resolves after so many more rounds. @throws if a batch was not taken in time */
  more(rounds: number): Promise<void>;
  /** Ends after the round that is under way. */
  stop(): Promise<void>;
}

const INSTANCES = 5;
const SERIES = 300;
const ROUND_MS = 500;
/** What a sender's queue would bridge: a node that is gone is noticed after a minute. */
const PATIENCE_MS = 180_000;

export function startSteadyLoad(nodes: readonly Node[]): SteadyLoad {
  const fleet = new Fleet({ instances: INSTANCES, series: SERIES }, Date.now() / 1000);
  const state = { taken: 0, rounds: 0, ending: false, failure: undefined as Error | undefined };
  const running = run().catch((thrown: Error) => void (state.failure = thrown));

  async function run(): Promise<void> {
    for (; !state.ending; state.rounds += 1) {
      const next = sleep(ROUND_MS);
      for (let index = 0; index < fleet.size; index += 1) {
        for (const batch of batchesOf(fleet, index, Date.now() / 1000)) {
          await pushToAny(nodes, batch, state.rounds + index);
          state.taken += batch.samples;
        }
      }
      await next;
    }
  }

  const settled = (): void => {
    if (state.failure) throw state.failure;
  };
  return {
    get taken() {
      return state.taken;
    },
    get rounds() {
      return state.rounds;
    },
    more: async (rounds) => {
      for (const end = state.rounds + rounds; state.rounds < end; await sleep(50)) settled();
    },
    stop: async () => {
      state.ending = true;
      await running;
      settled();
    },
  };
}

/** As a sender does that finds several addresses behind one name, and tries again what nobody took: the same samples, which count once. */
async function pushToAny(nodes: readonly Node[], batch: Batch, first: number): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ;) {
    const failures: string[] = [];
    for (const offset of nodes.keys()) {
      const node = nodes[(first + offset) % nodes.length]!;
      const failure = await push({ url: `${node.url}/api/v1/push` }, batch).then(
        () => undefined,
        ({ message }: Error) => `${node.name}: ${message}`,
      );
      if (failure === undefined) return;
      failures.push(failure);
    }
    if (Date.now() > end) throw new Error(`no node took a batch: ${failures.join('; ')}`);
    await sleep(500);
  }
}
