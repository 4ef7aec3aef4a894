// The counts of the app's remaining processes: asked of living processes, read from the files of ended processes.
//
// Each process answers on a Unix socket, and keeps its last snapshot in a file, written before the snapshot is handed out: counts shown
// in a scrape are never lost with the process, so that no total goes backwards. A file of an ended process is taken over by
// the first process to find the file.

// Not node:fs/promises: every app would load the module, and few apps have workers.
import { promises as fs } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, every, inBackground } from '../later';
import { untraced } from '../untraced';
import type { Family } from './family';
import { idOf, isAlive, openFolder } from './folder';
import { mergeShares, type Share } from './merge';

/** A killed process loses at most the counts of this interval. */
const KEEP_EVERY_MS = 5000;
/** A sibling silent for longer is stuck: the sibling's last snapshot stands in. */
const PATIENCE_MS = 1000;

interface Snapshot {
  readonly own: readonly Family[];
  /** Counts of ended processes. */
  readonly inherited: readonly Family[];
  /** The ended processes behind `inherited`. */
  readonly from: readonly string[];
}

export class Siblings {
  #folder = openFolder();
  #server: net.Server | undefined;
  #onFault: (fault: unknown) => void = () => {};
  readonly #id = idOf(process.pid);
  #inherited: readonly Family[] = [];
  #from: string[] = [];
  /** Siblings found at the last scrape. */
  readonly #known = new Set<string>();

  /** @param collect the families of this process alone, as plain data */
  constructor(private readonly collect: () => Promise<readonly Family[]>) {}

  /** Begins to answer siblings and to keep snapshots. Neither keeps the process alive. */
  open(onFault: (fault: unknown) => void): void {
    this.#onFault = onFault;
    this.#listen();
    const keep = (): void => inBackground('keeping counts', this.#keep().catch(onFault));
    every('keeping counts', KEEP_EVERY_MS, keep);
    process.once('disconnect', keep);
  }

  #listen(): void {
    // Closed before the next server listens: closing removes any file at the path.
    this.#server?.close();
    this.#server = net.createServer((socket) => {
      socket.unref().on('error', () => undefined);
      this.#keep().then(
        (text) => socket.end(text),
        (fault: unknown) => (this.#onFault(fault), socket.destroy()),
      );
    });
    // Exclusive: a cluster worker's server would otherwise be the primary's.
    this.#server
      .on('error', this.#onFault)
      .listen({ path: this.#path('sock'), exclusive: true })
      .unref();
  }

  /**
   * The families of the whole app.
   *
   * @throws (rejects) while a known living sibling cannot be found: without its counts, totals would go backwards
   */
  async families(): Promise<Family[]> {
    await this.#adopt();
    const own = JSON.parse(await this.#keep()) as Snapshot;
    const others = await Promise.all((await this.#siblings()).map((id) => this.#snapshotOf(id)));
    return mergeShares([own, ...others.filter((one) => one !== undefined)].flatMap(sharesOf));
  }

  /** Siblings with a socket or a file, since a tidied folder may lack either. */
  async #siblings(): Promise<string[]> {
    const ids = new Set([...(await this.#ids('sock')), ...(await this.#ids('json'))]);
    ids.delete(this.#id);
    for (const id of this.#known) {
      if (!isAlive(id)) this.#known.delete(id);
      else if (!ids.has(id)) throw new Error(`the process ${id} has left nothing in ${this.#folder}`);
    }
    for (const id of ids) this.#known.add(id);
    return [...ids];
  }

  async #keep(): Promise<string> {
    const snapshot: Snapshot = { own: await this.collect(), inherited: this.#inherited, from: this.#from };
    const text = JSON.stringify(snapshot);
    await this.#write(text).catch(async (failure: NodeJS.ErrnoException) => {
      if (failure.code !== 'ENOENT') throw failure;
      // Somebody has tidied up the temporary folder: begun anew, checked as at the start.
      this.#folder = openFolder();
      this.#listen();
      await this.#write(text);
    });
    return text;
  }

  async #write(text: string): Promise<void> {
    const draft = `${this.#path('json')}.${Math.random()}`;
    await fs.writeFile(draft, text, { mode: 0o600 });
    await fs.rename(draft, this.#path('json'));
  }

  /** Takes over the files of ended processes; only a single process can rename a file, so the counts are taken over once. */
  async #adopt(): Promise<void> {
    for (const id of await this.#ids('json')) {
      if (id === this.#id || isAlive(id)) continue;
      const claimed = `${this.#path('json')}.${id}`;
      try {
        await fs.rename(this.#path('json', id), claimed);
      } catch {
        continue;
      }
      const left = JSON.parse(await fs.readFile(claimed, 'utf8')) as Snapshot;
      this.#inherited = mergeShares([
        { families: this.#inherited, ended: true },
        ...sharesOf(left).map(({ families }) => ({ families, ended: true })),
      ]);
      this.#from = [...this.#from, id];
      await this.#keep();
      await fs.rm(claimed);
      await fs.rm(this.#path('sock', id), { force: true });
    }
  }

  async #snapshotOf(id: string): Promise<Snapshot | undefined> {
    const text = (await ask(this.#path('sock', id))) ?? (await fs.readFile(this.#path('json', id), 'utf8').catch(() => undefined));
    return text === undefined ? undefined : (JSON.parse(text) as Snapshot);
  }

  async #ids(kind: 'sock' | 'json'): Promise<string[]> {
    const suffix = `.${kind}`;
    const names = await fs.readdir(this.#folder).catch((failure: NodeJS.ErrnoException) => {
      if (failure.code === 'ENOENT') return [];
      throw failure;
    });
    return names.filter((name) => name.endsWith(suffix)).map((name) => name.slice(0, -suffix.length));
  }

  #path(kind: 'sock' | 'json', id = this.#id): string {
    return path.join(this.#folder, `${id}.${kind}`);
  }
}

function sharesOf({ own, inherited }: Snapshot): Share[] {
  return [
    { families: own, ended: false },
    { families: inherited, ended: true },
  ];
}

/** A sibling's whole answer, or undefined without an answer. */
function ask(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = untraced(() => net.connect(socketPath)).setEncoding('utf8');
    const late = after('a sibling', PATIENCE_MS, () => socket.destroy()).ref();
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', () => undefined);
    socket.on('end', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(late);
      resolve(text.endsWith('}') ? text : undefined);
    });
  });
}
