// Makes the page at /metrics/live: one file of HTML with its script, style and panels inside, and the policy that lets a browser run just
// these. It is kept as a module, which the preload requires when the page is asked for.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';

const live = path.resolve(import.meta.dirname, '../packages/live');
const require = createRequire(import.meta.url);

/** Writes `outfile`, which exports `html` and `policy`. Resolves to esbuild's metafile. To be called when the preload's own bundles are there. */
export async function bundleLivePage(outfile) {
  const { config } = require('../packages/monitoring');
  const { livePanels } = require('../packages/live');
  const { outputFiles, metafile } = await build({
    entryPoints: [path.join(live, 'src/page/main.ts')],
    bundle: true,
    format: 'iife',
    target: ['chrome111', 'firefox115', 'safari16.4'],
    minify: true,
    legalComments: 'none',
    define: { LIVE_BOARDS: JSON.stringify(livePanels()), RUNBOOK_URL: JSON.stringify(config.runbookUrl) },
    write: false,
    metafile: true,
    logLevel: 'warning',
  });
  const script = outputFiles[0].text.trim();
  const style = await styleSheet();
  const html = readFileSync(path.join(live, 'src/page/page.html'), 'utf8')
    .replace('<style>', (tag) => tag + style)
    .replace('<script>', (tag) => tag + script);
  writeFileSync(
    outfile,
    `// Made by scripts/bundle-live-page.mjs out of packages/live\nexports.policy = ${JSON.stringify(policy(script, style))};\nexports.html = ${JSON.stringify(html)};\n`,
  );
  return metafile;
}

async function styleSheet() {
  const sheets = [require.resolve('uplot/dist/uPlot.min.css'), path.join(live, 'src/page/style.css')].map(
    (file) => `@import ${JSON.stringify(file)};`,
  );
  const stdin = { contents: sheets.join('\n'), loader: 'css', resolveDir: live };
  const { outputFiles } = await build({ stdin, bundle: true, minify: true, write: false, legalComments: 'none', logLevel: 'warning' });
  return outputFiles[0].text.trim();
}

/** Nothing but the two texts above runs or styles, and nothing is asked but this app. */
function policy(script, style) {
  const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const directives = {
    'default-src': "'none'",
    'script-src': hash(script),
    'style-src': hash(style),
    'connect-src': "'self'",
    'img-src': 'data:',
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
