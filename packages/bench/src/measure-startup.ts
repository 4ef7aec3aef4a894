// CPU time that a contender adds before the app listens.

import type { Contender } from './contenders';
import { startMeasured, type Servers } from './measured-app';
import { shuffled } from './shuffled';
import { spreadOf, type Spread } from './spread';

/** ms of CPU over the cost of `bare` in the same round, by contender. */
export async function measureStartup(
  all: readonly Contender[],
  folder: string,
  servers: Servers,
  rounds: number,
): Promise<ReadonlyMap<string, Spread>> {
  const added = new Map<string, number[]>(all.map(({ name }) => [name, []]));
  // A first start reads its files from the disk.
  for (const contender of all) await cpuOfStart(contender, folder, servers);
  for (let round = 0; round < rounds; round += 1) {
    const costs = new Map<string, number>();
    for (const contender of shuffled(all)) costs.set(contender.name, await cpuOfStart(contender, folder, servers));
    for (const [name, cost] of costs) added.get(name)!.push(cost - costs.get('bare')!);
  }
  return new Map([...added].map(([name, costs]) => [name, spreadOf(costs)]));
}

async function cpuOfStart(contender: Contender, folder: string, servers: Servers): Promise<number> {
  const app = await startMeasured(contender, folder, servers);
  const cost = (await app.usage()) / 1000;
  await app.stop();
  return cost;
}
