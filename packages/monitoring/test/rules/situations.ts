// The nine situations in which every alert is tried, and the healthy worlds that all alerts share.

import type { AlertName } from '../../src/alerts';
import { app, surroundings, type Condition } from './app';
import { World, type Life } from './world';

export const SITUATIONS = ['firing', 'healthy', 'outage', 'idle', 'restart', 'burst', 'away', 'deploy', 'one'] as const;
export type Situation = (typeof SITUATIONS)[number];

export type Labels = Readonly<Record<string, string>>;

/** What an alert must do in a world. */
export interface Case {
  readonly world: World;
  /** The alerts of that name that fire at a minute, by their labels beside `severity`; before `quietUntil` there are none. */
  readonly fires?: { readonly minute: number; readonly labels: readonly Labels[]; readonly descriptions?: readonly string[] };
  /** It has not fired until this minute. */
  readonly quietUntil?: number;
  /** It fires no more at this minute. */
  readonly healedAt?: number;
}

export type Cases = Readonly<Record<AlertName, Readonly<Record<Situation, readonly Case[]>>>>;

/** How long a world lasts; it falls sick at SICK, and Prometheus is away, a process restarts or is replaced within it. */
export const END = 60;
export const SICK = 15;
export const AWAY = [25, 35] as const;
export const CHANGE = 20;

const NAMES = ['a:3001', 'b:3001', 'c:3001'];

/** A world with Prometheus, the collector, and whatever `fill` adds. */
export function world(fill: (world: World) => void, away?: readonly [number, number]): World {
  const made = new World(END, away);
  surroundings(made);
  fill(made);
  return made;
}

function three(condition: Condition, life: Life = {}, away?: readonly [number, number]): World {
  return world((made) => NAMES.forEach((name) => app(made, name, condition, life)), away);
}

/** Three healthy instances. */
export const healthy = three({});
/** Nobody asks for anything. */
export const idle = three({ load: 0, slowQueries: 0 });
/** Hardly anybody asks for anything, and two requests and two jobs in five minutes fail. */
export const nearlyIdle = world((made) => app(made, 'a:3001', { load: 4, failing: 0.1, slowQueries: 0, jobs: 3, jobFailures: 0.13 }));
/** From minute SICK on the app fails every request in its middleware, so that nothing behind it happens. */
export const outage = three({ outage: (minute) => minute >= SICK });
/** A healthy process starts anew. */
export const restarted = three({}, { restartAt: CHANGE });
/** Prometheus does not run for ten minutes, and the app goes on. */
export const unwatched = three({}, {}, AWAY);
/** A new app with an empty cache, which takes an hour to fill. */
export const cold = world((made) => app(made, 'a:3001', { hitRate: (minute) => Math.min(0.9, 0.015 * minute) }, { from: 0 }));
/** All instances are replaced by others with other names. */
export const deployed = world((made) => {
  NAMES.forEach((name) => app(made, name, {}, { to: CHANGE }));
  NAMES.forEach((name) => app(made, `new-${name}`, {}, { from: CHANGE }));
});
