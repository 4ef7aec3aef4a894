// The largest series now, with a bar as long as each is large.
import { cut, FAINT, LINE, SERIES, text } from './look.mjs';
import { written } from './units.mjs';

const ROW = 22;

export function table({ series, unit }, { width, height }) {
  const rows = series
    .map(({ labels, values }) => ({ name: Object.values(labels).join('  '), value: values.at(-1)[1] }))
    .toSorted((one, other) => other.value - one.value)
    .slice(0, Math.floor((height - 40) / ROW));
  const most = Math.max(...rows.map(({ value }) => value));
  return { inside: rows.map((row, index) => line(row, { y: 36 + index * ROW, width, most, unit })).join('') };
}

function line({ name, value }, { y, width, most, unit }) {
  const room = width * 0.4;
  const bar =
    unit === 'none'
      ? ''
      : `<rect x="${width * 0.42}" y="${y + 6}" width="${Math.max(1, (value / most) * room).toFixed(1)}" height="10" rx="2" fill="${SERIES[0]}" opacity="0.75"/>`;
  const number = unit === 'none' ? '' : text(written(value, unit), { x: width - 12, y: y + 15, anchor: 'end' });
  const rule = `<line x1="12" x2="${width - 12}" y1="${y + ROW}" y2="${y + ROW}" stroke="${LINE}"/>`;
  return `${rule}${text(cut(name, width * 0.4, 12), { x: 12, y: y + 15, fill: FAINT })}${bar}${number}`;
}
