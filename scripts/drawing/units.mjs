// Numbers as a reader wants them, by the units that the dashboards name.

const significant = (value) => String(Number(value.toPrecision(3)));

/** The largest of the sizes that the value reaches. */
function scaled(value, sizes) {
  const [size, name] = sizes.find(([least]) => Math.abs(value) >= least) ?? sizes.at(-1);
  return `${significant(value / size)}${name}`;
}

const SHORT = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' K'],
  [1, ''],
];
const BYTES = [
  [2 ** 30, ' GiB'],
  [2 ** 20, ' MiB'],
  [2 ** 10, ' KiB'],
  [1, ' B'],
];
const SECONDS = [
  [86_400, ' d'],
  [3_600, ' h'],
  [60, ' min'],
  [1, ' s'],
  [1e-3, ' ms'],
  [1e-6, ' µs'],
];
const seconds = (value) => (value === 0 ? '0 s' : scaled(value, SECONDS));

/** Grafana's unit → how a value is written. */
const FORMATS = {
  short: (value) => scaled(value, SHORT),
  reqps: (value) => `${significant(value)} req/s`,
  ops: (value) => `${significant(value)} /s`,
  eps: (value) => `${significant(value)} /s`,
  ms: (value) => (value === 0 ? '0 ms' : seconds(value / 1000)),
  s: seconds,
  percentunit: (value) => `${significant(value * 100)} %`,
  bytes: (value) => scaled(value, BYTES),
  none: significant,
};

/** A value in a unit; `suffix: cores` is a unit of its own. */
export function written(value, unit) {
  if (Number.isNaN(value)) return 'no data';
  const suffix = /^suffix: (.+)$/.exec(unit)?.[1];
  return suffix ? `${scaled(value, SHORT)} ${suffix}` : FORMATS[unit](value);
}
