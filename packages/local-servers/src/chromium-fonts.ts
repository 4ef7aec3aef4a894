// The test browser's own fonts, so that pages have text on every machine and pictures look alike. Names folders and fonts; draws nothing.
import fs from 'node:fs';
import path from 'node:path';

/** Open Sans lies in Chromium's package; DejaVu adds arrows and the fixed width. */
const FAMILIES = { 'system-ui': 'Open Sans', 'sans-serif': 'Open Sans', serif: 'DejaVu Serif', monospace: 'DejaVu Sans Mono' };

/**
 * Writes a configuration of fontconfig into `folder`, with the fonts in `sources` alone, and with its cache in `cache`.
 *
 * @returns the file's path, for FONTCONFIG_FILE
 */
export async function writeFontConfiguration(folder: string, sources: readonly string[], cache: string): Promise<string> {
  for (const source of sources) if (!fs.existsSync(source)) throw new Error(`${source}, where the test browser's fonts lie, is missing`);
  const prefer = ([name, font]: [string, string]): string =>
    `<alias binding="same">${element('family', name)}<prefer>${element('family', font)}${element('family', 'DejaVu Sans')}</prefer></alias>`;
  const content = [...sources.map((source) => element('dir', source)), element('cachedir', cache), ...Object.entries(FAMILIES).map(prefer)];
  const file = path.join(folder, 'fonts.conf');
  await fs.promises.writeFile(file, `<?xml version="1.0"?>\n<fontconfig>\n${content.join('\n')}\n</fontconfig>\n`);
  return file;
}

const element = (name: string, text: string): string => `<${name}>${text.replace(/[&<]/g, (char) => `&#${char.charCodeAt(0)};`)}</${name}>`;
