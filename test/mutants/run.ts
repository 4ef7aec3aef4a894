// `npm run test:mutants`: breaks the code on purpose, one row of table/ at a time, and demands that the tests named in it fail.
// In copies of the repository, and against one PostgreSQL and one Redis; the same tests have to pass there first, unbroken.
// Arguments choose mutants by a part of their name: `npm run test:mutants -- http`. `--minutes 5` tries a random part in about that time.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Bench } from './bench';
import { complaints, failingUnbroken, type Mutant, testsOf } from './mutant';
import { scripts } from './repository';
import { mutants } from './table';

/** Most tests wait more than they work. */
const AT_ONCE = 2;

/** Two copies, since a copy that was broken would have to be built once more to show that the tests pass without the mutant. */
interface Pair {
  readonly sound: Bench;
  readonly broken: Bench;
}

interface Options {
  readonly parts: readonly string[];
  readonly minutes: number;
}

function options(): Options {
  const { positionals, values } = parseArgs({ allowPositionals: true, options: { minutes: { type: 'string' } } });
  const minutes = Number(values.minutes ?? Infinity);
  if (!(minutes > 0)) throw new Error(`--minutes ${values.minutes}: a number of minutes is needed, such as 5`);
  return { parts: positionals, minutes };
}

/** Those with a part in their names; all where there is none. A sample has another order at each run, so that in time all have their turn. */
function chosen({ parts, minutes }: Options): readonly Mutant[] {
  const found = mutants.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
  if (found.length === 0) throw new Error(`no mutant has ${parts.join(' or ')} in its name`);
  if (minutes === Infinity) return found;
  const drawn = found.map((mutant) => ({ mutant, place: Math.random() }));
  return drawn.toSorted((a, b) => a.place - b.place).map(({ mutant }) => mutant);
}

/** Why a mutant does not count as found, a line for each reason; none if it does. */
async function tryMutant({ sound, broken }: Pair, mutant: Mutant, env: NodeJS.ProcessEnv): Promise<string[]> {
  try {
    const failing = failingUnbroken(mutant, await sound.test(testsOf(mutant), env));
    if (failing.length > 0) return failing;
    return await broken.with(mutant, async () => complaints(mutant, await broken.test(testsOf(mutant), env)));
  } catch (error) {
    return [(error as Error).message.trim().split('\n', 1)[0] ?? ''];
  }
}

/** Tries them, two at a time, and prints a line for each; begins none after `until`. Gives how many were found, and how many were not. */
async function tryAll(pairs: readonly Pair[], all: readonly Mutant[], env: NodeJS.ProcessEnv, until: number): Promise<[number, number]> {
  let [passed, failed] = [0, 0];
  const queue = all.values();
  const work = async (pair: Pair): Promise<void> => {
    for (const mutant of queue) {
      const lines = await tryMutant(pair, mutant, env);
      console.log([`${lines.length === 0 ? '✔' : '✘'} ${mutant.name}: ${mutant.breaks}`, ...lines].join('\n    '));
      if (lines.length === 0) passed += 1;
      else failed += 1;
      if (Date.now() > until) return;
    }
  };
  await Promise.all(pairs.map(work));
  return [passed, failed];
}

/** Whatever ends it, the folder goes; what is left of the servers then is stopped by their own watchdog. */
async function main(): Promise<number> {
  const given = options();
  const all = chosen(given);
  const until = Date.now() + given.minutes * 60_000;
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'earntrack-mutants-')));
  const benches: Bench[] = [];
  const clear = async (): Promise<void> => {
    await Promise.all(benches.map((bench) => bench.end()));
    // What has just been killed may be writing for another moment.
    await fs.promises.rm(folder, { recursive: true, force: true, maxRetries: 10 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void clear().finally(() => process.exit(1)));
  try {
    // Servers that run as another user start in it.
    fs.chmodSync(folder, 0o755);
    const shared = await scripts();
    const bench = (name: string): Bench => {
      benches.push(new Bench(shared, path.join(folder, name)));
      return benches.at(-1) as Bench;
    };
    const pairs = Array.from({ length: AT_ONCE }, (_, i) => ({ sound: bench(`sound-${i}`), broken: bench(`broken-${i}`) }));
    const { env, stop } = await shared.startServers();
    const [passed, failed] = await tryAll(pairs, all, env, until);
    await stop();
    if (passed + failed < all.length) console.log(`${passed + failed} of ${all.length} mutants were tried in ${given.minutes} minutes`);
    console.log(`${passed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await clear();
  }
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.name === 'ServerUnavailable' ? error.message : error);
    process.exit(1);
  },
);
