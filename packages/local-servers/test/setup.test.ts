import assert from 'node:assert/strict';
import { execFileSync, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { scratch } from './support/scratch';

const SCRIPT = path.resolve(__dirname, '../../../../scripts/setup.mjs');

let made: string | undefined;

/** A small repository with scripts/setup.mjs, one package in an archive, and a compiler and a bundler that only note that they were called. */
function repository(): string {
  made ??= makeRepository(scratch());
  const root = scratch();
  fs.cpSync(made, root, { recursive: true });
  return root;
}

function makeRepository(root: string): string {
  fs.mkdirSync(path.join(root, 'scripts'));
  fs.copyFileSync(SCRIPT, path.join(root, 'scripts/setup.mjs'));
  fs.writeFileSync(path.join(root, 'scripts/bundle.mjs'), `import fs from 'node:fs';\nfs.appendFileSync('bundled', 'yes');`);
  writePackage(path.join(root, 'thing'), { name: 'thing', version: '1.0.0' });
  writePackage(path.join(root, 'compiler'), { name: 'typescript', version: '7.0.2' });
  fs.mkdirSync(path.join(root, 'compiler/bin'));
  fs.writeFileSync(path.join(root, 'compiler/bin/tsc'), `require('node:fs').appendFileSync('built', process.argv[2] + '\\n');`);
  lock(root);
  return root;
}

function writePackage(folder: string, json: object): void {
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(json));
}

/** Packs `thing` and writes the package.json and package-lock.json that want it. */
function lock(root: string): void {
  const packed = npm(root, 'pack', './thing', '--silent').trim();
  writePackage(root, { name: 'small', dependencies: { thing: `file:${packed}` }, devDependencies: { typescript: 'file:compiler' } });
  npm(root, 'install', '--package-lock-only', '--offline');
}

const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: quiet({}) });

/** Without what an outer npm hands down: `npm test -- --grep x` would reach the inner npm, too. */
function quiet(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  return { ...Object.fromEntries(kept), ...env };
}

function setUp(root: string, env: NodeJS.ProcessEnv = {}, nodeArgs: string[] = []): SpawnSyncReturns<string> {
  const args = [...nodeArgs, path.join(root, 'scripts/setup.mjs')];
  return spawnSync(process.execPath, args, { cwd: '/', encoding: 'utf8', env: quiet(env) });
}

const version = (root: string): unknown =>
  (JSON.parse(fs.readFileSync(path.join(root, 'node_modules/thing/package.json'), 'utf8')) as { version: string }).version;

describe('the set-up', () => {
  it('installs and builds a fresh clone, saying each step in a line', () => {
    const root = repository();
    const { status, stdout, stderr } = setUp(root, { NODE_ENV: 'production' });
    assert.deepEqual([status, stderr], [0, '']);
    // What takes less than a second is not said, on a machine that is not busy.
    assert.match(stdout, /^Installing the packages …\n(Building …\n)?(Bundling …\n)?$/);
    assert.equal(version(root), '1.0.0');
    assert.equal(fs.readFileSync(path.join(root, 'built'), 'utf8'), '-b\n');
    assert.ok(fs.existsSync(path.join(root, 'bundled')));
  });

  it('says nothing and installs nothing when nothing has changed', () => {
    const root = repository();
    setUp(root);
    fs.writeFileSync(path.join(root, 'node_modules/kept'), '');
    const { status, stdout, stderr } = setUp(root);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^(Building …\n)?(Bundling …\n)?$/);
    assert.ok(fs.existsSync(path.join(root, 'node_modules/kept')));
  });

  it('installs again when package-lock.json wants another version', () => {
    const root = repository();
    setUp(root);
    writePackage(path.join(root, 'thing'), { name: 'thing', version: '2.0.0' });
    lock(root);
    assert.equal(setUp(root).status, 0);
    assert.equal(version(root), '2.0.0');
  });

  it('shows what npm said when it fails', () => {
    const root = repository();
    writePackage(root, { name: 'small', dependencies: { thing: 'file:thing-1.0.0.tgz', other: '1.0.0' } });
    const { status, stderr } = setUp(root);
    assert.equal(status, 1);
    assert.match(stderr, /package\.json and package-lock\.json[^]*are in sync[^]*Installing the packages failed: `npm ci /);
  });

  it('shows what the compiler said when it fails', () => {
    const root = repository();
    fs.writeFileSync(path.join(root, 'compiler/bin/tsc'), `console.log('a.ts: error TS1'); process.exit(2);`);
    const { status, stderr } = setUp(root);
    assert.equal(status, 1);
    assert.match(stderr, /^a\.ts: error TS1\nBuilding failed: /);
  });

  for (const old of ['12.22.0', '18.19.1', '20.18.0', '21.7.0', '22.11.0']) {
    it(`says in one line that Node ${old} is too old`, () => {
      const root = repository();
      const pretend = path.join(root, 'pretend.cjs');
      fs.writeFileSync(pretend, `Object.defineProperty(process, 'versions', { value: { node: '${old}' } });`);
      const { status, stderr } = setUp(root, {}, ['-r', pretend]);
      assert.equal(status, 1);
      assert.match(stderr, /^This repository is built and tested with Node [^\n]+\n$/);
    });
  }
});
