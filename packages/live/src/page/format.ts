// Numbers as people read them: three digits, and the same unit throughout a panel's kind.

import type { Unit } from '@earntrack/monitoring';

/** A number and its unit, apart, so that the page can set the unit smaller. */
export interface Written {
  readonly number: string;
  readonly unit: string;
}

const NONE: Written = { number: '–', unit: '' };
const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

const WRITERS: Partial<Record<Unit, (value: number) => Written>> = {
  count: (value) => scaled(value, ''),
  ratio: (value) => ({ number: digits(value * 100), unit: '%' }),
  ms: (value) => duration(value / 1000),
  s: duration,
  bytes,
  version: () => ({ number: '', unit: '' }),
};

export function written(value: number | null | undefined, unit: Unit): Written {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  return (WRITERS[unit] ?? ((plain: number) => scaled(plain, unit)))(value);
}

export function text(value: number | null | undefined, unit: Unit): string {
  const { number, unit: behind } = written(value, unit);
  return behind === '' || behind === '%' ? `${number}${behind}` : `${number}\u202f${behind}`;
}

/** Units that stand once above a graph, rather than at each of the graph's numbers. */
const ABOVE: ReadonlySet<Unit> = new Set<Unit>(['req/s', 'ops/s', 'events/s', 'ms/s', 'cores']);

export const axisUnit = (unit: Unit): string => (ABOVE.has(unit) ? unit : '');

export const onAxis = (value: number, unit: Unit): string => (ABOVE.has(unit) ? written(value, unit).number : text(value, unit));

function digits(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 99.95) return value.toFixed(0);
  return value.toFixed(size >= 9.995 ? 1 : 2).replace(/\.?0+$/, '') || '0';
}

function scaled(value: number, unit: string): Written {
  const size = Math.abs(value);
  if (size >= 1e6) return { number: `${digits(value / 1e6)}M`, unit };
  return size >= 1e4 ? { number: `${digits(value / 1e3)}k`, unit } : { number: digits(value), unit };
}

function bytes(value: number): Written {
  const power = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(value))) / 10)));
  return { number: digits(value / 1024 ** power), unit: BYTES[power]! };
}

function duration(seconds: number): Written {
  if (Math.abs(seconds) < 1) return { number: digits(seconds * 1000), unit: 'ms' };
  if (seconds < 120) return { number: digits(seconds), unit: 's' };
  const minutes = seconds / 60;
  if (minutes < 120) return { number: digits(Math.floor(minutes)), unit: 'min' };
  return minutes < 2880 ? { number: digits(Math.floor(minutes / 60)), unit: 'h' } : { number: digits(Math.floor(minutes / 1440)), unit: 'd' };
}
