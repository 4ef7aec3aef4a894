// A misspelt variable is silent by nature: METRICS_TOKEN would leave the metrics open. So the preload names every unread variable with a
// name like its own.

import type { Environment, Say } from './types';
import { variables } from './variables';

/** Variables set by Kubernetes for a Service called `metrics`, along with METRICS_PORT=tcp://…. */
const SERVICE_LINK = /^METRICS_(SERVICE_(HOST|PORT)|PORT_\d+_)/;

/** METRIC_TOKEN, or metrics_auth_token: named despite the foreign beginning, because the mistake would leave the metrics open. */
const NEARLY_THE_TOKEN = /^metrics?_\w*(auth|token)/i;

/** A log line for each unread METRICS_* variable. The value is never shown, because the value may be a secret. */
export function sayUnknown(environment: Environment, say: Say): void {
  for (const name of Object.keys(environment)) {
    if (!(name.startsWith('METRICS_') || NEARLY_THE_TOKEN.test(name)) || name in variables || SERVICE_LINK.test(name)) continue;
    say(name, `${name} is not a variable of this preload and is not read; the nearest is ${nearest(name.toUpperCase())}`);
  }
}

/** By letters to insert and to delete, as a share of both names: a forgotten word (`METRICS_TOKEN`) must be nearer than a replaced word. */
function nearest(name: string): string {
  const distances = Object.keys(variables).map((known) => ({
    known,
    distance: distanceBetween(name, known) / (name.length + known.length),
  }));
  return distances.reduce((best, each) => (each.distance < best.distance ? each : best)).known;
}

/** The fewest letters to insert and delete to turn `a` into `b`. */
function distanceBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = a[i - 1] === b[j - 1] ? row[j - 1]! : Math.min(row[j]!, next[j - 1]!) + 1;
    }
    row = next;
  }
  return row[b.length]!;
}
