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
  for (let round = 0; round < rounds; round += 1) {
    let bare = 0;
    for (const contender of all) {
      const app = await startMeasured(contender, folder, servers);
      const cost = (await app.usage()) / 1000;
      await app.stop();
      if (contender.name === 'bare') bare = cost;
      added.get(contender.name)!.push(cost - bare);
    }
  }
  return new Map([...added].map(([name, costs]) => [name, spreadOf(costs)]));
}
