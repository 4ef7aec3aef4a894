// CPU time that a request costs, from the process's own accounting, in rounds that go through all contenders in turn.

import type { Contender } from './contenders';
import { load } from './load';
import { startMeasured, type Servers } from './measured-app';
import { spreadOf, type Spread } from './spread';

export const ROUTES = ['/ping', '/users/42', '/data/42'] as const;
export type Route = (typeof ROUTES)[number];

/** µs of CPU a request, over what `bare` took in the same round. */
export type RequestCost = Readonly<Record<Route, Spread>>;

export interface RequestOptions {
  readonly rounds: number;
  readonly requests: number;
  readonly warmUp: number;
}

export async function measureRequests(
  all: readonly Contender[],
  folder: string,
  servers: Servers,
  { rounds, requests, warmUp }: RequestOptions,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, RequestCost>> {
  const added = new Map(all.map(({ name }) => [name, new Map<Route, number[]>(ROUTES.map((route) => [route, []]))]));
  for (let round = 1; round <= rounds; round += 1) {
    const bare = new Map<Route, number>();
    for (const contender of all) {
      const app = await startMeasured(contender, folder, servers);
      for (const route of ROUTES) {
        await load(app.port, route, warmUp);
        const before = await app.usage();
        await load(app.port, route, requests);
        const cost = ((await app.usage()) - before) / requests;
        if (contender.name === 'bare') bare.set(route, cost);
        added
          .get(contender.name)!
          .get(route)!
          .push(cost - bare.get(route)!);
      }
      await app.stop();
    }
    progress(`requests: round ${round} of ${rounds}`);
  }
  return new Map(
    [...added].map(([name, routes]) => [
      name,
      Object.fromEntries([...routes].map(([route, costs]) => [route, spreadOf(costs)])) as unknown as RequestCost,
    ]),
  );
}
