// Makes packages/otel-preload/package: the preload as it is published and as the tests run it, with all that it needs inside.
// Requiring the OpenTelemetry packages file by file takes more than twice as long, and an app that installs us installs nothing else.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleLivePage } from './bundle-live-page.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const preload = path.join(root, 'packages/otel-preload');
/** Of TypeScript, and not of what tsc compiled: of ES modules alone can be left out what nobody uses. */
const source = (name) => path.join(preload, 'src', name);

/**
 * What is loaded later than the rest, or not at all, is a file of its own, by a `require` of exactly this path. Each holds a copy of what it
 * imports: nothing of the preload's state may be among that.
 */
const LATER = {
  // Only if the preload is switched on.
  './settings': 'settings',
  './boot': 'boot',
  // Only if metrics are pushed.
  './push': 'push',
  // With the first request that the app sends through node:http.
  './client-calls': 'http-client',
  // When somebody opens the live page.
  './live-page': 'live-page',
  // Once, for all who take globals from it.
  './globals': 'globals',
};

const plugins = [
  {
    name: 'later',
    setup: ({ onResolve }) =>
      onResolve({ filter: /^\.\/[\w/-]+$/ }, ({ path: name, kind }) =>
        kind === 'require-call' && name in LATER ? { path: `./${LATER[name]}.js`, external: true } : undefined,
      ),
  },
  {
    // The instrumentations are never enabled: their patches are called by us. What hooks `require` for them, which each of them makes on
    // creation, would otherwise resolve every file of the app a second time.
    name: 'no-require-hooks',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(require|import)-in-the-middle$/ }, ({ path: name }) => ({ path: name, namespace: 'no-require-hooks' }));
      onLoad({ filter: /.*/, namespace: 'no-require-hooks' }, () => ({ contents: 'export class Hook {}' }));
    },
  },
  {
    // The SDK sorts and stringifies attributes at every record: two thirds of what that costs. Of a label set, it is told its number.
    name: 'hashed-by-number',
    setup: ({ onLoad }) =>
      onLoad({ filter: /sdk-metrics[\\/]build[\\/]esm[\\/]utils\.js$/ }, ({ path: file }) => ({ contents: hashingByNumber(file) })),
  },
  {
    // Some OpenTelemetry packages are there as CommonJS alone, with which all that they require would be kept whole.
    name: 'es-modules-again',
    setup: ({ onLoad }) =>
      onLoad({ filter: /@opentelemetry[\\/][\w-]+[\\/]build[\\/]src[\\/].*\.js$/ }, ({ path: file }) => ({ contents: asEsModule(file) })),
  },
];

/** What is at work beside the app: with the globals that were there before the app. */
const BESIDE_THE_APP = {
  boot: source('boot.ts'),
  push: source('push/index.ts'),
  'http-client': source('hooks/node-http/client-calls.ts'),
};
const REST = {
  index: source('index.ts'),
  register: source('register.ts'),
  settings: source('config/settings.ts'),
  globals: source('originals/globals.ts'),
  metrics: source('metrics.ts'),
  catalogue: source('catalogue/index.ts'),
  cli: source('cli/index.ts'),
};

const options = {
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
  plugins,
};
const [beside, rest] = await Promise.all([
  build({ ...options, entryPoints: BESIDE_THE_APP, inject: [source('originals/kept.ts')] }),
  build({ ...options, entryPoints: REST }),
]);
const { metafile } = beside;

const boot = Object.entries(metafile.outputs).find(([file]) => path.basename(file) === 'boot.js')[1];
for (const file of Object.keys(boot.inputs)) refuseRequires(file, metafile.inputs[file].imports);

/** A `require` of what is inside has esbuild wrap that, and all that it imports, in functions: V8 would read them twice, at every start. */
function refuseRequires(file, imports) {
  for (const { path: name, kind, external } of imports) {
    if (kind !== 'require-call' || external || name.endsWith('package.json')) continue;
    throw new Error(`${file} requires ${name} into boot.js: import it, or name it in LATER`);
  }
}

function compiled(name) {
  return createRequire(import.meta.url)(path.join(preload, 'dist/src', name));
}

function hashingByNumber(file) {
  const text = readFileSync(file, 'utf8');
  const head = 'export function hashAttributes(attributes) {\n';
  if (!text.includes(head)) throw new Error(`${file} hashes attributes in another way than is known`);
  return text.replace(
    head,
    `const NUMBER = Symbol.for("${Symbol.keyFor(compiled('labels/label-sets.js').NUMBER)}");\n${head}  const number = attributes[NUMBER];\n  if (number !== undefined) return number;\n`,
  );
}

/** Takes back what TypeScript did to make CommonJS of an ES module. */
function asEsModule(file) {
  const text = readFileSync(file, 'utf8');
  const files = new Map([...text.matchAll(/^(?:const|var) (\w+) = require\("(.+)"\);$/gm)].map(([, variable, name]) => [variable, name]));
  const module = text
    .replaceAll(/^Object\.defineProperty\(exports, "__esModule".+$|^exports\..+ = void 0;$/gm, '')
    .replaceAll(
      /^Object\.defineProperty\(exports, "(\w+)", .* return (\w+)\.(\w+); .+$/gm,
      (_, name, variable, inner) => `export { ${inner} as ${name} } from "${files.get(variable)}";`,
    )
    .replaceAll(/^(?:const|var) (\w+_\d+) = require\("(.+)"\);$/gm, 'import * as $1 from "$2";')
    .replaceAll(/^(?:const|var) (\w+) = require\("(.+)"\);$/gm, 'import $1 from "$2";')
    .replaceAll(/^exports\.(\w+) = \1;$/gm, 'export { $1 };')
    .replaceAll(/^exports\.(\w+) = /gm, 'export const $1 = ')
    .replaceAll(/\bexports\.(\w+)/g, '$1');
  if (/\bexports\b[^;\n]*=|\brequire\(/.test(module)) throw new Error(`${file} is CommonJS of another kind than TypeScript makes`);
  return module;
}

const page = await bundleLivePage(path.join(preload, 'package/live-page.js'));

/** The folders of the packages that are inside, whose licences ask to be handed on. */
const folders = new Set(
  [metafile, rest.metafile, page]
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path.resolve(file))?.[1] ?? []),
);
const licences = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n${'='.repeat(80)}\n\n${licenceIn(folder)}`;
});
writeFileSync(
  path.join(preload, 'package/LICENSES.txt'),
  `What is inside of the files beside this one, beside what is ours:\n\n${licences.join('\n')}`,
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
