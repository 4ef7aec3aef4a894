// What a sound world must not set off.

import { silent } from './sick-app';
import { deployed, healthy, idle, outage, restarted, unwatched, type Case, type Situation } from './situations';

export type Nine = Record<Situation, readonly Case[]>;

/** The situations that have no more to them. */
export const sound: Nine = {
  firing: [],
  healthy: [silent(healthy)],
  outage: [silent(outage)],
  idle: [silent(idle)],
  restart: [silent(restarted)],
  burst: [],
  away: [silent(unwatched)],
  deploy: [silent(deployed)],
  one: [silent(idle)],
};
