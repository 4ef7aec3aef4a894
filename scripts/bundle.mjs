// Makes packages/otel-preload/package: the preload as it is published and as the tests run it, with all that it needs in one file.
// Requiring the OpenTelemetry packages file by file takes more than twice as long, and an app that installs us installs nothing else.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const preload = path.join(root, 'packages/otel-preload');
const compiled = (name) => path.join(preload, 'dist/src', name);

const { metafile } = await build({
  entryPoints: {
    index: compiled('index.js'),
    boot: compiled('boot.js'),
    metrics: compiled('metrics.js'),
    catalogue: compiled('catalogue/index.js'),
    cli: compiled('cli.js'),
  },
  outdir: path.join(preload, 'package'),
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node18.19',
  // The ES modules of what has both leave out what nobody uses.
  mainFields: ['module', 'main'],
  // Names are kept: stack traces of the app run through us.
  minifySyntax: true,
  minifyWhitespace: true,
  // Node.js prints the line that an uncaught error was thrown, or passed on, from.
  lineLimit: 160,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
  plugins: [
    {
      // The door loads the rest only if it is switched on: that stays a file of its own.
      name: 'boot-apart',
      setup: ({ onResolve }) => onResolve({ filter: /^\.\/boot$/ }, () => ({ path: './boot.js', external: true })),
    },
  ],
});

/** The folders of the packages that are inside, whose licences ask to be handed on. */
const folders = new Set(
  Object.keys(metafile.inputs).flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path.resolve(file))?.[1] ?? []),
);
const licences = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${licenceIn(folder)}`;
});
writeFileSync(
  path.join(preload, 'package/LICENSES.txt'),
  `What is inside of boot.js, cli.js and index.js, beside what is ours:\n\n${licences.join('\n')}`,
);

function licenceIn(folder) {
  for (const file of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'LICENCE']) {
    try {
      return readFileSync(path.join(folder, file), 'utf8');
    } catch {
      // The next name.
    }
  }
  return 'No licence file in the package.\n';
}
