// CPU time of a request, from the process's own accounting. In a round all contenders run side by side, and each answers a short burst in
// turn, many times over. Each burst is compared with the bare app's burst of the same turn, some 50 ms away: a machine that slows down for a
// second slows both, and a disturbance of a moment falls into few turns, whose median is taken.

import type { Contender } from './contenders';
import { load } from './load';
import { startMeasured, type MeasuredApp, type Servers } from './measured-app';
import { shuffled } from './shuffled';
import { spreadOf, type Spread } from './spread';

export const ROUTES = ['/ping', '/users/42', '/data/42'] as const;
export type Route = (typeof ROUTES)[number];

/** µs of CPU a request, over the cost of `bare` in the same round. */
export type RequestCost = Readonly<Record<Route, Spread>>;

export interface RequestOptions {
  readonly rounds: number;
  readonly routes: readonly Route[];
}

const WARM_UP = 6000;
const BURST = 100;
const TURNS = 80;

export async function measureRequests(
  all: readonly Contender[],
  folder: string,
  servers: Servers,
  { rounds, routes }: RequestOptions,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, RequestCost>> {
  const added = new Map(all.map(({ name }) => [name, new Map<Route, number[]>(routes.map((route) => [route, []]))]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [route, costs] of await measureRound(all, folder, servers, routes)) {
      for (const [name, cost] of costs) added.get(name)!.get(route)!.push(cost);
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

/** µs of CPU a request over bare, by route and contender, of processes started for this round. */
async function measureRound(
  all: readonly Contender[],
  folder: string,
  servers: Servers,
  routes: readonly Route[],
): Promise<Map<Route, ReadonlyMap<string, number>>> {
  const apps = new Map<string, MeasuredApp>();
  try {
    for (const contender of all) apps.set(contender.name, await startMeasured(contender, folder, servers));
    const costs = new Map<Route, ReadonlyMap<string, number>>();
    for (const route of routes) costs.set(route, await measureRoute(apps, route));
    return costs;
  } finally {
    for (const app of apps.values()) await app.stop();
  }
}

async function measureRoute(apps: ReadonlyMap<string, MeasuredApp>, route: Route): Promise<Map<string, number>> {
  const added = new Map([...apps.keys()].map((name) => [name, [] as number[]]));
  for (const app of apps.values()) await load(app.port, route, WARM_UP);
  for (let turn = 0; turn < TURNS; turn += 1) {
    const costs = new Map<string, number>();
    for (const [name, app] of shuffled([...apps])) costs.set(name, await costOfBurst(app, route));
    for (const [name, cost] of costs) added.get(name)!.push(cost - costs.get('bare')!);
  }
  return new Map([...added].map(([name, costs]) => [name, spreadOf(costs).median]));
}

async function costOfBurst(app: MeasuredApp, route: Route): Promise<number> {
  const before = await app.usage();
  await load(app.port, route, BURST);
  return ((await app.usage()) - before) / BURST;
}
