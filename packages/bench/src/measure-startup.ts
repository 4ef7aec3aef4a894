// CPU time that a contender adds until the app listens.

import type { Contender } from './contenders';
import { startMeasured, type Servers } from './measured-app';
import { spreadOf, type Spread } from './spread';

/** ms of CPU over what `bare` took in the same round, by contender. */
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
    let bare = 0;
    for (const contender of all) {
      const cost = await cpuOfStart(contender, folder, servers);
      if (contender.name === 'bare') bare = cost;
      added.get(contender.name)!.push(cost - bare);
    }
  }
  return new Map([...added].map(([name, costs]) => [name, spreadOf(costs)]));
}

async function cpuOfStart(contender: Contender, folder: string, servers: Servers): Promise<number> {
  const app = await startMeasured(contender, folder, servers);
  const cost = (await app.usage()) / 1000;
  await app.stop();
  return cost;
}
