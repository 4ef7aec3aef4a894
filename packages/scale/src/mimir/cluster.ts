// Three nodes of Mimir on this machine, any of which can be killed and brought back. None outlives the process that started them.

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort, WatchedFolder } from '@earntrack/local-servers';
import type { Mimir } from './here';
import { nodeFlags, type NodePorts } from './node-flags';

const COMPOSE = path.resolve(__dirname, '../../../../../compose');
const READY_MS = 180_000;

export interface Node {
  readonly name: string;
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly alive: boolean;
  /** As when its machine loses power. */
  kill(): Promise<void>;
  /** Starts it, with what it had on its disk, and resolves when it and the others hold it for ready. */
  start(): Promise<void>;
}

export interface Cluster {
  readonly nodes: readonly Node[];
  stop(): Promise<void>;
}

/** @throws with the last lines of a node that does not become ready */
export async function startCluster(mimir: Mimir): Promise<Cluster> {
  const shared = WatchedFolder.create('mimir-shared');
  const ports = await Promise.all([1, 2, 3].map(async () => ({ http: await freePort(), grpc: await freePort(), gossip: await freePort() })));
  const gossip = ports.map((each) => each.gossip);
  const nodes: MimirNode[] = ports.map((each, index) => new MimirNode(mimir, `mimir-${index + 1}`, each, gossip, shared.path));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.remove()));
    await shared.remove();
  };
  try {
    for (const node of nodes) node.spawn();
    await allReady(nodes);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  for (const node of nodes) node.others = nodes;
  return { nodes, stop };
}

class MimirNode implements Node {
  others: readonly MimirNode[] = [];
  readonly url: string;
  readonly #mimir: Mimir;
  readonly #folder = WatchedFolder.create('mimir');
  readonly #flags: readonly string[];
  readonly #container: string;
  readonly #shared: string;
  #child: ChildProcess | undefined;

  constructor(
    mimir: Mimir,
    readonly name: string,
    ports: NodePorts,
    gossip: readonly number[],
    shared: string,
  ) {
    this.url = `http://127.0.0.1:${ports.http}`;
    this.#mimir = mimir;
    this.#flags = [
      `-config.file=${path.join(COMPOSE, 'mimir.yml')}`,
      '-config.expand-env=true',
      ...nodeFlags(name, ports, gossip, this.#folder.path, shared),
    ];
    this.#container = path.basename(this.#folder.path).toLowerCase();
    this.#shared = shared;
  }

  get alive(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  spawn(): void {
    const [command, args] = this.#command();
    const log = fs.openSync(this.#log, 'a');
    this.#child = spawn(command, args, { stdio: ['ignore', log, log], cwd: this.#folder.path, detached: true });
    fs.closeSync(log);
    this.#child.on('error', () => {});
    this.#child.unref();
    if (this.#child.pid) this.#folder.usedBy(this.#child.pid, 'SIGTERM');
  }

  async start(): Promise<void> {
    this.spawn();
    await allReady(this.others);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (!child || !this.alive) return;
    child.ref();
    const ended = once(child, 'exit');
    // Killing the client of an engine would leave the container.
    if ('engine' in this.#mimir) await promisify(execFile)(this.#mimir.engine, ['kill', this.#container]);
    else child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    await this.#folder.remove();
  }

  lastWords(): string {
    return `${this.name}: ${fs.readFileSync(this.#log, 'utf8').trim().split('\n').slice(-8).join(' | ').slice(-1500)}`;
  }

  get #log(): string {
    return path.join(this.#folder.path, 'log');
  }

  #command(): [string, string[]] {
    if ('program' in this.#mimir) return [this.#mimir.program, [...this.#flags]];
    const { engine, image } = this.#mimir;
    const folders = [this.#folder.path, this.#shared].map((folder) => `${folder}:${folder}`);
    const mounts = [...folders, `${COMPOSE}:${COMPOSE}:ro`].flatMap((mount) => ['-v', mount]);
    const user = `${process.getuid?.()}:${process.getgid?.()}`;
    return [engine, ['run', '--rm', '--name', this.#container, '--network', 'host', '--user', user, ...mounts, image, ...this.#flags]];
  }
}

/** Ready each for itself, and in each other's ring: until then a node is one of two for those that do not see it. */
async function allReady(nodes: readonly MimirNode[]): Promise<void> {
  const waiting = nodes.filter((node) => node.alive);
  for (const end = Date.now() + READY_MS; ; await sleep(200)) {
    const dead = waiting.find((node) => !node.alive);
    const states = dead ? [] : await Promise.all(waiting.map(({ url }) => ringOf(url)));
    if (!dead && states.every((active) => active === waiting.length)) return;
    if (dead || Date.now() > end)
      throw new Error(`Mimir did not become ready. ${(dead ? [dead] : waiting).map((node) => node.lastWords()).join('\n')}`);
  }
}

/** How many ingesters a node that is ready sees as active. */
async function ringOf(url: string): Promise<number> {
  try {
    if (!(await fetch(`${url}/ready`)).ok) return 0;
    const response = await fetch(`${url}/ingester/ring`, { headers: { accept: 'application/json' } });
    const { shards } = (await response.json()) as { shards: readonly { state: string }[] };
    return shards.filter(({ state }) => state === 'ACTIVE').length;
  } catch {
    return 0;
  }
}
