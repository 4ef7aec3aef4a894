import assert from 'node:assert/strict';
import { isPackageManager } from '../src/endpoint/package-managers';

describe('A program that only starts the app', () => {
  const launchers = [
    '/usr/local/bin/npm',
    '/usr/local/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/local/lib/node_modules/npm/bin/npx-cli.js',
    '/usr/local/bin/npx',
    '/usr/local/lib/node_modules/corepack/dist/pnpm.js',
    '/root/.local/share/pnpm/pnpm.cjs',
    '/srv/app/.yarn/releases/yarn-4.1.0.cjs',
    '/srv/app/.yarn/releases/yarn-berry.cjs',
    '/usr/share/yarn/bin/yarn.js',
    '/srv/app/node_modules/.bin/nodemon',
    '/srv/app/node_modules/nodemon/bin/nodemon.js',
    '/srv/app/node_modules/.bin/tsx',
    '/srv/app/node_modules/tsx/dist/cli.mjs',
    '/srv/app/node_modules/.bin/concurrently',
  ];
  for (const program of launchers) it(`is ${program}`, () => assert.equal(isPackageManager(['node', program]), true));

  const apps = ['/srv/app/server.js', '/srv/npm/server.js', '/srv/app/src/cli.mjs', '/srv/app/npm-stats.js', '/srv/app', undefined];
  for (const program of apps) {
    it(`is not ${program ?? 'the prompt'}`, () => assert.equal(isPackageManager(program === undefined ? ['node'] : ['node', program]), false));
  }
});
