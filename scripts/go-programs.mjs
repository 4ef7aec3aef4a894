// Programs that are built from Go modules, once, into the cache folder: Prometheus 3, Alertmanager, and the loaders of Compose, Docker and Kubernetes.
import { execFileSync, spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const { cacheFolder } = createRequire(import.meta.url)('../packages/local-servers/dist/src/cache-folder.js');

/** v0.316.0 is Prometheus 3.16.0. Without its UI, and with the discovery that our configurations use. */
const PROMETHEUS = {
  name: 'prometheus-3.16.0',
  module: 'github.com/prometheus/prometheus/cmd/...@v0.316.0',
  tags: 'remove_all_sd,enable_dns_sd,enable_kubernetes_sd',
};

/** The folder that holds `prometheus` and `promtool`. Building takes about five minutes, once. */
export function prometheus3() {
  return built(PROMETHEUS.name, (folder) => installInto(folder, ['-tags', PROMETHEUS.tags, PROMETHEUS.module], root));
}

const ALERTMANAGER = '0.34.2';

/** The folder that holds `alertmanager`, of the version that Compose starts. It has no UI: that is no part of its Go module, which then does not build. */
export function alertmanager() {
  return built(`alertmanager-${ALERTMANAGER}`, async (folder) => {
    const source = fs.mkdtempSync(path.join(os.tmpdir(), 'alertmanager-'));
    try {
      withoutPages(source);
      await installInto(folder, ['./cmd/alertmanager'], source);
    } finally {
      fs.rmSync(source, { recursive: true, force: true });
    }
  });
}

/** The module's source, where it may be changed, with an empty page for those that it wants to include. */
function withoutPages(source) {
  const module = `github.com/prometheus/alertmanager@v${ALERTMANAGER}`;
  const { Dir } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' }));
  execFileSync('cp', ['-R', `${Dir}/.`, source]);
  execFileSync('chmod', ['-R', 'u+w', source]);
  fs.mkdirSync(path.join(source, 'ui/app/dist'));
  fs.writeFileSync(path.join(source, 'ui/app/dist/index.html'), '');
}

/** The path of the program that loads Compose files as `docker compose` does. */
export async function composeCheck() {
  return path.join(await ownPrograms('compose-check', 'packages/monitoring/test/compose-go'), 'compose-check');
}

/** The folder that holds `swarm-check` and `kubernetes-check`. */
export function recipeChecks() {
  return ownPrograms('recipe-checks', 'test/recipes/go-checks');
}

/** The folder of the programs of a module of this repository. */
function ownPrograms(name, module) {
  const folder = path.join(root, module);
  const files = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const sources = files.map((entry) => path.join(entry.parentPath, entry.name)).toSorted();
  return builtFrom(name, sources, (made) => installInto(made, ['./...'], folder));
}

/** As `built`, anew for each change of the sources. */
export function builtFrom(name, sources, make) {
  const hash = crypto.createHash('sha256');
  for (const file of sources) hash.update(fs.readFileSync(file));
  return built(`${name}-${hash.digest('hex').slice(0, 12)}`, make);
}

/** A folder of the cache with what `make` puts into the folder that it is given. Another process that builds the same at the same time does no harm. */
async function built(name, make) {
  const folder = path.join(cacheFolder(), name);
  if (fs.existsSync(folder)) return folder;
  console.error(`Building ${name} from source, once, into ${folder}`);
  const making = fs.mkdtempSync(`${folder}.`);
  try {
    await make(making);
    if (!fs.existsSync(folder)) fs.renameSync(making, folder);
    return folder;
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

export const installInto = (folder, args, cwd) => go(['install', ...args], { cwd, env: { GOBIN: folder } });

/** One compiler at a time: each takes up to a gigabyte. */
export function go(args, { cwd, env }) {
  return new Promise((resolve, reject) => {
    // stdout is for the answer.
    const options = { cwd, env: { ...process.env, GOFLAGS: '-p=1 -buildvcs=false', ...env }, stdio: ['ignore', 2, 2] };
    const child = spawn('go', args, options);
    child.on('error', () => reject(new Error('Go is not on PATH: https://go.dev/dl/')));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`go ${args.join(' ')} failed with exit code ${code}`))));
  });
}
