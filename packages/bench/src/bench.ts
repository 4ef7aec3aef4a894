// `npm run bench`: measures all contenders, prints the tables, and writes them into the docs. `npm run bench -- --guard` is the short form for
// CI: the CPU of a request beside express-prom-bundle's in the same run. `-- --before FOLDER` compares this checkout's preload with the preload
// of another built checkout (its packages/otel-preload).

import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres, startRedis } from '@earntrack/local-servers';
import { besideBefore } from './before';
import { contenders, OURS } from './contenders';
import { contendersFolder } from './contenders-folder';
import type { Figures } from './figures';
import { GUARDED, MOST, PEER, ratioOf } from './guard';
import { writeMarked } from './marked';
import { leaveProcessor, type Servers } from './measured-app';
import { measureEndurance } from './measure-endurance';
import { measureInstall, withArchive } from './measure-install';
import { measureRequests, ROUTES } from './measure-requests';
import { measureScrapes, SIZES, type ScrapeCosts, type Size } from './measure-scrape';
import { measureStartup } from './measure-startup';
import { reportOf } from './report';
import { SCRAPED } from './scraped-app';

const ROOT = path.resolve(__dirname, '../../../..');
const PRELOAD = path.join(ROOT, 'packages/otel-preload');
const ROUNDS = 5;
/** A start is over in no time. */
const STARTS = 25;
/** Rounds of the guard. If the first number fails, the second decides. */
const GUARD_ROUNDS = [3, 7];

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { guard: { type: 'boolean' }, before: { type: 'string' } } });
  leaveProcessor();
  const folder = await contendersFolder(say);
  const postgres = await startPostgres();
  const redis = await startRedis({ say });
  try {
    const servers = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    if (values.guard) return await guard(folder, servers);
    if (values.before === undefined) return await report(folder, servers);
    console.log(await besideBefore(PRELOAD, path.resolve(values.before), folder, servers, say));
    return 0;
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
  }
}

async function guard(folder: string, servers: Servers): Promise<number> {
  const all = contenders(PRELOAD).filter(({ name }) => ['bare', OURS, PEER].includes(name));
  for (const rounds of GUARD_ROUNDS) {
    const ratio = ratioOf(await measureRequests(all, folder, servers, { rounds, routes: GUARDED }, say));
    say(`CPU of a request over bare, medians of ${rounds} rounds: ${ratio.toFixed(2)} of ${PEER}'s; up to ${MOST} passes, its noise included`);
    if (ratio <= MOST) {
      console.log('1 passed, 0 failed');
      return 0;
    }
  }
  console.log('0 passed, 1 failed');
  return 1;
}

async function report(folder: string, servers: Servers): Promise<number> {
  const text = reportOf(await measureAll(folder, servers));
  console.log(text);
  writeMarked(path.join(ROOT, 'docs/performance.md'), 'bench', text);
  return 0;
}

async function measureAll(folder: string, servers: Servers): Promise<Figures> {
  const all = contenders(PRELOAD);
  const places = { preload: PRELOAD, folder };
  const startup = await measureStartup(all, folder, servers, STARTS);
  say(`start-up: ${STARTS} rounds done`);
  const requests = await measureRequests(all, folder, servers, { rounds: ROUNDS, routes: ROUTES }, say);
  const scrapes: Partial<Record<Size, ScrapeCosts>> = {};
  for (const size of SIZES) {
    scrapes[size] = await measureScrapes(size, places, ROUNDS, SCRAPED);
    say(`scrapes of ${size} label sets: done`);
  }
  const endurance = await measureEndurance(places);
  say('endurance: done');
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const machine = `${os.cpus()[0]?.model ?? 'an unknown processor'}, ${os.cpus().length} cores, Node.js ${process.version}`;
  return { machine, commit, rounds: ROUNDS, requests, startup, scrapes: scrapes as Figures['scrapes'], endurance, install: weights() };
}

function weights(): Figures['install'] {
  return new Map([
    [OURS, withArchive(PRELOAD, (archive) => measureInstall([archive]))],
    ['hand-rolled prom-client', measureInstall(['prom-client@15.1.3'])],
    ['express-prom-bundle', measureInstall(['express-prom-bundle@8.0.0', 'prom-client@15.1.3'])],
    ['auto-instrumentations-node', measureInstall(['@opentelemetry/auto-instrumentations-node@0.81.0', '@opentelemetry/api@1.9.1'])],
  ]);
}

main().then(
  (code) => (process.exitCode = code),
  (thrown: unknown) => {
    console.error(thrown);
    process.exitCode = 1;
  },
);
