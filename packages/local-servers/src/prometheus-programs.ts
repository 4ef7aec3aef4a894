// The sources of prometheus and promtool. Whatever the source, the result is a single path, to run like any program.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheFolder } from './cache-folder';
import { debianProgram } from './debian-packages';
import { dockerAnswers, pullImage } from './docker';
import { onPath } from './program';
import { ServerUnavailable } from './server-unavailable';

const IMAGE = 'prom/prometheus:v3.5.0';

/**
 * The absolute path of a program of Prometheus's: on PATH, else out of the system's package, unpacked into the cache folder, else a script
 * that runs the program in Docker.
 *
 * @param say receives a line about each slow step
 * @throws {ServerUnavailable} if every source fails
 */
export async function prometheusProgram(name: 'prometheus' | 'promtool', say: (line: string) => void = () => {}): Promise<string> {
  let why = '';
  const packaged = (): Promise<string | undefined> =>
    debianProgram('prometheus', name, say).catch((thrown: Error) => void (why = ` (${thrown.message})`));
  const found = (await onPath(name)) ?? (await packaged()) ?? (await inDocker(name, say));
  if (found) return found;
  const install = process.platform === 'darwin' ? '`brew install prometheus`' : 'install Prometheus';
  throw new ServerUnavailable(`no ${name}: it is not on PATH, no package through apt${why}, no Docker engine. Remedy: ${install}`);
}

async function inDocker(name: 'prometheus' | 'promtool', say: (line: string) => void): Promise<string | undefined> {
  // Outside of Linux a container does not see servers on this machine's loopback, and there is nothing else to scrape.
  if (name === 'prometheus' && process.platform !== 'linux') return undefined;
  if (!(await dockerAnswers())) return undefined;
  await pullImage(IMAGE, say);
  const script = path.join(cacheFolder(), `docker-${name}-${process.pid}`);
  await fs.promises.writeFile(script, dockerScript(name), { mode: 0o755 });
  // By rename: another process may be running the script of the same name.
  const kept = path.join(cacheFolder(), `docker-${name}`);
  await fs.promises.rename(script, kept);
  return kept;
}

/** The container sees the current folder, the temporary folder and this clone, each under its own name. */
function dockerScript(name: string): string {
  const clone = path.resolve(__dirname, '../../../..');
  const folders = [os.tmpdir(), clone].map((folder) => `-v '${folder}:${folder}'`).join(' ');
  return `#!/bin/sh
exec docker run --rm -i --network host --user "$(id -u):$(id -g)" ${folders} -v "$PWD:$PWD" -w "$PWD" --entrypoint ${name} ${IMAGE} "$@"
`;
}
