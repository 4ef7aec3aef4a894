// One number, on the colour of the threshold that it has reached, above its course.
import { PAPER, STATES, text } from './look.mjs';
import { written } from './units.mjs';

export function tile({ series, unit, steps }, { width, height }) {
  const last = (series[0]?.values ?? []).at(-1)?.[1] ?? NaN;
  const fill = steps.length > 1 && !Number.isNaN(last) ? STATES[steps.findLast(({ value }) => value === null || last >= value).color] : PAPER;
  const ink = fill === PAPER ? undefined : PAPER;
  const course = series[0] ? sparkline(series[0].values, width, height, ink ?? '#0072b2') : '';
  const value = text(written(last, unit), { x: width / 2, y: height * 0.6, size: 28, weight: 600, anchor: 'middle', fill: ink });
  return { fill, ink, inside: `${course}${value}` };
}

function sparkline(values, width, height, color) {
  const numbers = values.filter(([, value]) => !Number.isNaN(value));
  if (numbers.length < 2) return '';
  const [from, to] = [numbers[0][0], numbers.at(-1)[0]];
  const [low, high] = [Math.min(...numbers.map(([, value]) => value)), Math.max(...numbers.map(([, value]) => value))];
  const [top, bottom] = [height * 0.7, height - 2];
  const at = ([time, value]) =>
    `${(((time - from) / (to - from)) * width).toFixed(1)} ${(bottom - ((value - low) / (high - low || 1)) * (bottom - top)).toFixed(1)}`;
  const line = numbers.map(at).join(' L');
  return `<path d="M${line}" fill="none" stroke="${color}" stroke-width="1.5" opacity="0.65"/>`;
}
