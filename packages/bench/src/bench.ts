// `npm run bench`: measures all, prints the tables, and writes them into the README. `npm run bench -- --guard` is the short form that
// CI runs: it only compares the CPU of a request with express-prom-bundle's in the same run.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPostgres, startRedis } from '@earntrack/local-servers';
import { contenders, OURS } from './contenders';
import { contendersFolder } from './contenders-folder';
import { measureInstall, withArchive } from './measure-install';
import { measureRequests } from './measure-requests';
import { measureScrape, SCRAPED } from './measure-scrape';
import { measureStartup } from './measure-startup';
import { reportOf } from './report';

const ROOT = path.resolve(__dirname, '../../../..');
const PRELOAD = path.join(ROOT, 'packages/otel-preload');
/** A request with the preload may cost this share of express-prom-bundle's: the target of 0.5, and the noise of a shared machine. */
const GUARD = 0.8;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const folder = await contendersFolder(say);
  const postgres = await startPostgres();
  const redis = await startRedis({ say });
  try {
    const servers = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    return process.argv.includes('--guard') ? await guard(folder, servers) : await report(folder, servers);
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
  }
}

async function guard(folder: string, servers: { DATABASE_URL: string; REDIS_URL: string }): Promise<number> {
  const all = contenders(PRELOAD).filter(({ name }) => ['bare', OURS, 'express-prom-bundle'].includes(name));
  const costs = await measureRequests(all, folder, servers, { rounds: 5, requests: 5000, warmUp: 3000 }, say);
  const of = (name: string): number => costs.get(name)!['/ping'].median + costs.get(name)!['/users/42'].median;
  const ratio = of(OURS) / of('express-prom-bundle');
  const passed = ratio <= GUARD;
  say(`CPU a request over bare: ${ratio.toFixed(2)} of express-prom-bundle's, at most ${GUARD} is let pass`);
  console.log(passed ? '1 passed, 0 failed' : '0 passed, 1 failed');
  return passed ? 0 : 1;
}

async function report(folder: string, servers: { DATABASE_URL: string; REDIS_URL: string }): Promise<number> {
  const rounds = 5;
  const all = contenders(PRELOAD);
  const requests = await measureRequests(all, folder, servers, { rounds, requests: 5000, warmUp: 3000 }, say);
  const startup = await measureStartup(all, folder, servers, rounds);
  say('start-up: done');
  const scrapes = new Map<(typeof SCRAPED)[number], Awaited<ReturnType<typeof measureScrape>>[]>();
  for (const series of [100, 1000, 10_000]) {
    for (const scraped of SCRAPED) {
      const cost = await measureScrape(scraped, series, { preload: PRELOAD, folder, scrapes: 15 });
      scrapes.set(scraped, [...(scrapes.get(scraped) ?? []), cost]);
    }
    say(`scrapes: ${series} label sets done`);
  }
  const install = new Map([
    [OURS, withArchive(PRELOAD, (archive) => measureInstall([archive]))],
    ['hand-rolled prom-client', measureInstall(['prom-client@15.1.3'])],
    ['express-prom-bundle', measureInstall(['express-prom-bundle@8.0.0', 'prom-client@15.1.3'])],
    ['auto-instrumentations-node', measureInstall(['@opentelemetry/auto-instrumentations-node@0.81.0', '@opentelemetry/api@1.9.1'])],
  ]);
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim();
  const machine = `${os.cpus()[0]?.model ?? 'an unknown processor'}, ${os.cpus().length} cores, Node.js ${process.version}`;
  const text = reportOf({ machine, commit, rounds, requests, startup, scrapes, install });
  console.log(text);
  const readme = path.join(ROOT, 'README.md');
  const marked = /(<!-- bench:begin[^>]*-->\n)[\s\S]*?(<!-- bench:end -->)/;
  writeFileSync(
    readme,
    readFileSync(readme, 'utf8').replace(marked, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`),
  );
  return 0;
}

main().then(
  (code) => (process.exitCode = code),
  (thrown: unknown) => {
    console.error(thrown);
    process.exitCode = 1;
  },
);
