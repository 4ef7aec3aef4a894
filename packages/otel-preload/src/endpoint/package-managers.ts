// Programs that start the app and are not the app. NODE_OPTIONS loads the preload into such programs too, with nothing to measure: the preload
// does not start in the programs named here. The fallback's rule covers all further launchers.

import path from 'node:path';

/** Each of these runs the app in a process of its own, never in its own process. */
const LAUNCHERS = new Set([
  'npm',
  'npm-cli',
  'npx',
  'npx-cli',
  'pnpm',
  'pnpx',
  'yarn',
  'yarnpkg',
  'corepack',
  'nodemon',
  'tsx',
  'ts-node-dev',
  'concurrently',
  'cross-env',
  'cross-env-shell',
]);

/** True if this process is npm, npx, pnpm, yarn, nodemon or a similar program that only starts programs. `argv` as in `process.argv`. */
export function isPackageManager(argv: readonly string[]): boolean {
  const program = argv[1];
  if (program === undefined) return false;
  // tsx's own file is called `cli`; yarn's has its version: `.yarn/releases/yarn-4.1.0.cjs`.
  if (/[\\/]tsx[\\/]dist[\\/]cli\.[cm]js$/.test(program)) return true;
  const name = path.basename(program).replace(/\.(?:c|m)?js$/, '');
  return LAUNCHERS.has(name.replace(/-(?:\d[\w.-]*|berry)$/, ''));
}
