// N instances of an app, and their deploys: after a deploy, all instances have new names and start from nothing.

import { blueprintOf, type Blueprint } from './blueprint';
import { Instance } from './instance';
import { shapeWith } from './shape';

export interface FleetOptions {
  readonly instances: number;
  /** Series of each instance. */
  readonly series: number;
  /** Undefined: never. */
  readonly deployEverySeconds?: number | undefined;
}

/** A longer gap between two samples, as on a machine that slept, is traffic of this length. */
const MOST_SECONDS = 3600;

export const JOB = 'earntrack-load';

export interface Sampled {
  /** The value of the label `instance`. */
  readonly name: string;
  /** In the order of the blueprint's series. */
  readonly values: Float64Array;
}

interface Running {
  readonly instance: Instance;
  readonly deploy: number;
  at: number;
}

export class Fleet {
  readonly blueprint: Blueprint;
  readonly size: number;
  readonly #deployEverySeconds: number;
  readonly #running: (Running | undefined)[] = [];
  readonly #startedAt: number;
  readonly #texts: readonly string[];

  /** @param startedAt and all further times are in seconds */
  constructor({ instances, series, deployEverySeconds = Infinity }: FleetOptions, startedAt: number) {
    this.blueprint = blueprintOf(shapeWith(series));
    this.size = instances;
    this.#deployEverySeconds = deployEverySeconds;
    this.#startedAt = startedAt;
    this.#texts = this.blueprint.series.map(({ name, labels }, index) => `${this.blueprint.heads.get(index) ?? ''}${name}${labelText(labels)} `);
  }

  /** Names at `now`. */
  names(now: number): readonly string[] {
    const deploy = this.#deployAt(now);
    return Array.from({ length: this.size }, (_, index) => nameOf(index, deploy));
  }

  /** The values of an instance, moved on to `now`. */
  sample(index: number, now: number): Sampled {
    const deploy = this.#deployAt(now);
    let running = this.#running[index];
    if (running?.deploy !== deploy) {
      const at = deploy === 0 ? this.#startedAt : this.#startedAt + deploy * this.#deployEverySeconds;
      running = { instance: new Instance(this.blueprint, 1 + index + deploy * this.size), deploy, at };
      this.#running[index] = running;
    }
    if (now > running.at) running.instance.advance(Math.min(now - running.at, MOST_SECONDS));
    running.at = Math.max(now, running.at);
    return { name: nameOf(index, deploy), values: running.instance.values };
  }

  /** The answer to a scrape of the instance. */
  exposition(index: number, now: number): string {
    const { values } = this.sample(index, now);
    let text = '';
    for (const [at, head] of this.#texts.entries()) text += `${head}${values[at]}\n`;
    return text;
  }

  #deployAt(now: number): number {
    return Math.floor((now - this.#startedAt) / this.#deployEverySeconds);
  }
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const nameOf = (index: number, deploy: number): string => `load-${index}${deploy === 0 ? '' : `-${deploy}`}`;
