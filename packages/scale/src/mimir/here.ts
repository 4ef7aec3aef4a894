// Whether, and how, Grafana Mimir can be run on this machine: no package registry has it, and it is not built here.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { onPath } from '@earntrack/local-servers';
import { parse } from 'yaml';

const COMPOSE = path.resolve(__dirname, '../../../../../compose');

/** A program, or an engine with the image that the compose file has. */
export type Mimir = { readonly program: string } | { readonly engine: string; readonly image: string };

/** Or, as words, why not. */
export async function mimirHere(): Promise<Mimir | string> {
  const program = await onPath('mimir');
  if (program) return { program };
  // Its network is not this machine's elsewhere: the nodes, all on loopback, would not find each other.
  if (process.platform !== 'linux') return 'no `mimir` is on PATH, and containers share this machine’s loopback on Linux alone';
  for (const engine of ['docker', 'podman']) if (await answers(engine)) return { engine, image: image() };
  return 'no `mimir` is on PATH, and neither Docker nor Podman has an engine that answers';
}

/** Both print it; Podman needs no engine beside itself. */
async function answers(engine: string): Promise<boolean> {
  const format = engine === 'docker' ? '{{.ServerVersion}}' : '{{.Version.Version}}';
  const said = promisify(execFile)(engine, ['info', '--format', format], { timeout: 30_000 });
  return said.then(
    ({ stdout }) => stdout.trim() !== '',
    () => false,
  );
}

function image(): string {
  const { services } = parse(fs.readFileSync(path.join(COMPOSE, 'docker-compose.yml'), 'utf8')) as { services: Record<string, { image: string }> };
  return services['mimir-1']!.image;
}
