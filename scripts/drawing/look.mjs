// Colours, sizes and text of the pictures of dashboards.

export const WIDTH = 1200;
export const COLUMN = WIDTH / 24;
/** The height of a unit of Grafana's grid, of which a row's title takes one. */
export const UNIT = 31;
export const GAP = 8;

export const INK = '#1f2933';
export const FAINT = '#66727f';
export const LINE = '#d8dee4';
export const PAGE = '#f3f5f7';
export const PAPER = '#ffffff';
export const DEPLOY = '#3b7ddd';
export const STATES = { green: '#1a7f4b', yellow: '#b7791f', red: '#c53030' };
/** Told apart by the colour-blind as well: Okabe and Ito's, darkened for lines on white. */
export const SERIES = ['#0072b2', '#d55e00', '#009e73', '#a64d91', '#b58900', '#3a9bd1', '#7f6000', '#5e5e5e'];

export const FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

export const escaped = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export function text(content, { x, y, size = 12, fill = INK, weight = 400, anchor = 'start' }) {
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}" font-weight="${weight}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

/** Cut to what fits; a letter is taken for just over half as wide as high. */
export function cut(content, width, size) {
  const letters = Math.floor(width / (size * 0.56));
  return content.length > letters ? `${content.slice(0, letters - 1)}…` : content;
}

/** A rounded box with the panel's title; `inside` is drawn within it. */
export function box({ x, y, width, height, title, titleSize, fill = PAPER, ink = INK }, inside) {
  const frame = `<rect width="${width}" height="${height}" rx="6" fill="${fill}" stroke="${fill === PAPER ? LINE : fill}"/>`;
  const heading = text(cut(title, width - 14, titleSize), { x: 12, y: 22, size: titleSize, weight: 600, fill: ink });
  return `<g transform="translate(${x} ${y})">${frame}${heading}${inside}</g>`;
}
