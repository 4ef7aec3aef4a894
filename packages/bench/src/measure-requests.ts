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
  readonly routes: readonly Route[];
}

const REQUESTS = 5000;
const WARM_UP = 3000;

export async function measureRequests(
  all: readonly Contender[],
  folder: string,
  servers: Servers,
  { rounds, routes }: RequestOptions,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, RequestCost>> {
  const added = new Map(all.map(({ name }) => [name, new Map<Route, number[]>(routes.map((route) => [route, []]))]));
  for (let round = 1; round <= rounds; round += 1) {
    const bare = new Map<Route, number>();
    for (const contender of all) {
      for (const [route, cost] of await costsOf(contender, folder, servers, routes)) {
        if (contender.name === 'bare') bare.set(route, cost);
        added
          .get(contender.name)!
          .get(route)!
          .push(cost - bare.get(route)!);
      }
    }
    progress(`requests: round ${round} of ${rounds}`);
  }
  return new Map(
    [...added].map(([name, costs]) => [
      name,
      Object.fromEntries([...costs].map(([route, values]) => [route, spreadOf(values)])) as unknown as RequestCost,
    ]),
  );
}

/** µs of CPU a request. */
async function costsOf(contender: Contender, folder: string, servers: Servers, routes: readonly Route[]): Promise<Map<Route, number>> {
  const costs = new Map<Route, number>();
  const app = await startMeasured(contender, folder, servers);
  for (const route of routes) {
    await load(app.port, route, WARM_UP);
    const before = await app.usage();
    await load(app.port, route, REQUESTS);
    costs.set(route, ((await app.usage()) - before) / REQUESTS);
  }
  await app.stop();
  return costs;
}
