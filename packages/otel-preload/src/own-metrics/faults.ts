// Faults of the app's own metrics: a log line for each fault of each metric.

import { sayOnce } from '../log';

/** The log has an end, too, where names are made of data. */
const MOST_FAULTS = 50;

export class Faults {
  readonly #said = new Set<string>();

  /** @param name as given by the app, so any value at all */
  say(name: unknown, what: string): void {
    if (this.#said.size >= MOST_FAULTS) return;
    const line = `metric ${quote(name)} ${what}`;
    if (this.#said.has(line)) return;
    this.#said.add(line);
    sayOnce(line, line);
  }
}

function quote(name: unknown): string {
  return typeof name === 'string' ? JSON.stringify(name.slice(0, 100)) : `(${typeof name})`;
}
