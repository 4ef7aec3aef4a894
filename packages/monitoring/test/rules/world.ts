// A world for promtool's rule tests: instances that live, die and restart, and a Prometheus that scrapes them every 15 s, or is away.

/** A value that may change: by the minute since the world began. */
export type Varying = number | ((minute: number) => number);

type Sample = number | 'stale' | undefined;

const STEP = 0.25;

export const at = (value: Varying, minute: number): number => (typeof value === 'number' ? value : value(minute));

/** `then` from minute `from` until minute `to`, `otherwise` at other times. */
export const during =
  (from: number, to: number, then: number, otherwise: number): Varying =>
  (minute) =>
    minute >= from && minute < to ? then : otherwise;

export interface Life {
  /** Minutes since the world began; default: before it, until after it. */
  readonly from?: number;
  readonly to?: number;
  /** When the process starts anew; one scrape fails. */
  readonly restartAt?: number;
  /** Its metrics are pushed: there is no `up`. */
  readonly pushed?: boolean;
  /** Scrapes fail meanwhile, although the process lives. */
  readonly down?: readonly [from: number, to: number];
}

/** The series of one world, as promtool takes them. */
export class World {
  readonly series: { series: string; values: string }[] = [];

  constructor(
    readonly minutes: number,
    /** From when until when Prometheus itself does not run. */
    private readonly away?: readonly [from: number, to: number],
  ) {}

  instance(instance: string, job: string, life: Life = {}): Instance {
    return new Instance(this, { job, instance }, life);
  }

  /** @param sample the value at a minute; undefined: there is none; stale: it ends here */
  add(name: string, labels: Readonly<Record<string, string>>, sample: (minute: number) => Sample): void {
    const seen = (minute: number): Sample => (this.away && minute >= this.away[0] && minute < this.away[1] ? undefined : sample(minute));
    const samples = Array.from({ length: this.minutes / STEP + 1 }, (_, index) => seen(index * STEP));
    const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    this.series.push({ series: `${name}{${text.join(',')}}`, values: notation(samples) });
  }
}

/** One process as Prometheus sees it. */
export class Instance {
  private readonly from: number;
  private readonly to: number;

  constructor(
    private readonly world: World,
    private readonly target: { readonly job: string; readonly instance: string },
    private readonly life: Life,
  ) {
    this.from = life.from ?? -60;
    this.to = life.to ?? Infinity;
    if (!life.pushed)
      world.add('up', target, (minute) => (minute < this.from ? undefined : minute >= this.to ? 'stale' : this.fails(minute) ? 0 : 1));
  }

  /** When the process that runs at a minute was started. */
  startedAt(minute: number): number {
    const { restartAt } = this.life;
    return restartAt !== undefined && minute >= restartAt ? restartAt : this.from;
  }

  gauge(name: string, labels: Readonly<Record<string, string>>, value: Varying): void {
    this.add(name, labels, (minute) => at(value, minute));
  }

  /**
   * @param perMinute how fast it grows
   * @param born it does not exist before; its first value is `burst` and what it grew by since the last scrape
   * @param fromFirst it does not exist until it has counted something
   */
  counter(name: string, labels: Readonly<Record<string, string>>, perMinute: Varying, { born = -60, burst = 0, fromFirst = false } = {}): void {
    const before = fromFirst && at(perMinute, 0) === 0 ? 0 : 1000;
    let [total, started] = [0, -Infinity];
    this.add(name, labels, (minute) => {
      if (this.startedAt(minute) !== started) [total, started] = [this.startedAt(minute) < 0 ? before : 0, this.startedAt(minute)];
      if (minute < born) return undefined;
      total += at(perMinute, minute) * STEP + (minute - born < STEP ? burst : 0);
      return fromFirst && total === 0 ? undefined : total;
    });
  }

  private add(name: string, labels: Readonly<Record<string, string>>, sample: (minute: number) => Sample): void {
    this.world.add(name, { ...labels, ...this.target }, (minute) => {
      if (minute < this.from) return undefined;
      const value = sample(minute);
      return minute >= this.to || this.fails(minute) ? 'stale' : value;
    });
  }

  private fails(minute: number): boolean {
    const { restartAt = Infinity, down = [Infinity, Infinity] } = this.life;
    return (minute >= restartAt && minute < restartAt + STEP) || (minute >= down[0] && minute < down[1]);
  }
}

/** promtool's short notation: `start+step x repetitions`, `_` for none. */
function notation(samples: readonly Sample[]): string {
  const runs: string[] = [];
  for (let index = 0; index < samples.length;) {
    const length = run(samples, index);
    runs.push(word(samples[index], samples[index + 1], length));
    index += length;
  }
  return runs.join(' ');
}

const same = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6;

function run(samples: readonly Sample[], start: number): number {
  const [first, second] = [samples[start], samples[start + 1]];
  let end = start + 1;
  if (typeof first !== 'number') while (end < samples.length && samples[end] === first) end++;
  else if (typeof second === 'number') while (follows(samples, end, second - first)) end++;
  return end - start;
}

function follows(samples: readonly Sample[], index: number, step: number): boolean {
  const [before, value] = [samples[index - 1], samples[index]];
  return typeof value === 'number' && typeof before === 'number' && same(value - before, step);
}

function word(first: Sample, second: Sample, length: number): string {
  if (first === undefined) return `_x${length}`;
  if (first === 'stale') return Array.from({ length }, () => 'stale').join(' ');
  if (length === 1) return plain(first);
  const step = Number(plain((second as number) - first));
  return `${plain(first)}${step < 0 ? '-' : '+'}${plain(Math.abs(step))}x${length - 1}`;
}

const plain = (value: number): string => String(Number(value.toFixed(6)));
