import assert from 'node:assert/strict';
import { startChromium } from '../src';

/** What our pages write. */
const SIGNS = ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789', '.,:;%/()+-=<>[]{}', '→·…–'].join('');

/** The signs in `signs` that are drawn as nothing, or as another sign or an unknown one is, in `font`. */
function alike(signs: string, font: string): string[] {
  const { document } = globalThis as unknown as { document: { createElement(name: 'canvas'): Canvas } };
  const draw = (sign: string): string => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context.font = `40px ${font}`;
    context.fillText(sign, 20, 60);
    return canvas.toDataURL();
  };
  const drawn = new Map([' ', '\u{10FFFD}'].map((sign) => [draw(sign), sign]));
  return signs.split('').filter((sign) => drawn.size === drawn.set(draw(sign), sign).size);
}

interface Canvas {
  getContext(kind: '2d'): { font: string; fillText(text: string, x: number, y: number): void };
  toDataURL(): string;
}

describe('the test browser', function () {
  this.timeout(300_000);

  it('draws each sign of our pages, each as another figure, on a machine without fonts', async () => {
    const chromium = await startChromium(console.log);
    try {
      const page = await chromium.newPage();
      for (const font of ['system-ui', 'sans-serif', 'serif', 'monospace', 'Unheard-Of']) {
        assert.deepEqual(await page.evaluate(alike, SIGNS, font), [], font);
      }
    } finally {
      await chromium.stop();
    }
  });
});
