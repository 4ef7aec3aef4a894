// `npm run load`: a fleet that is scraped or pushes, until a signal ends the load.

import { setTimeout as sleep } from 'node:timers/promises';
import { Fleet } from './fleet';
import { type Options, readOptions, USAGE } from './options';
import { batchesOf, push, type Receiver } from './remote-write';
import { described } from './sizing';
import { scrapeJob, serveTargets } from './target-server';

const DAY = 86_400;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  console.log(described({ ...options, seriesEach: options.series, deploysADay: Math.round(DAY / (options.deployEverySeconds ?? Infinity)) }));
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
  if (options.seconds !== undefined) setTimeout(() => ending.abort(), options.seconds * 1000).unref();
  const fleet = new Fleet(options, Date.now() / 1000);
  return options.url === undefined
    ? serve(fleet, options, ending.signal)
    : pushAll(fleet, options, { url: options.url, ...credentials() }, ending.signal);
}

function credentials(): Pick<Receiver, 'username' | 'password'> {
  const { PROMETHEUS_REMOTE_WRITE_USERNAME: username, PROMETHEUS_REMOTE_WRITE_PASSWORD: password } = process.env;
  return username ? { username, password } : {};
}

async function serve(fleet: Fleet, { listen, intervalSeconds }: Options, ending: AbortSignal): Promise<number> {
  const server = await serveTargets(fleet, listen);
  console.log(`\nServing at ${server.url}/targets. For prometheus.yml:\n\n${scrapeJob(server.url, intervalSeconds)}`);
  while (await waited(10_000, ending)) console.log(`${server.scrapes} scrapes answered`);
  await server.stop();
  console.log(`${server.scrapes} scrapes answered`);
  return 0;
}

/** A late round is cut short, so that rounds do not pile up; samples not taken by then are not sent again. */
async function pushAll(fleet: Fleet, { intervalSeconds }: Options, receiver: Receiver, ending: AbortSignal): Promise<number> {
  const sent = { samples: 0, refused: 0 };
  let next = Date.now();
  do {
    for (let index = 0; index < fleet.size && !ending.aborted; index += 1) await pushOne(fleet, index, receiver, sent);
    next = Math.max(next + intervalSeconds * 1000, Date.now());
    console.log(`${sent.samples} samples sent, ${sent.refused} refused`);
  } while (await waited(next - Date.now(), ending));
  return sent.refused === 0 ? 0 : 1;
}

async function pushOne(fleet: Fleet, index: number, receiver: Receiver, sent: { samples: number; refused: number }): Promise<void> {
  for (const batch of batchesOf(fleet, index, Date.now() / 1000)) {
    await push(receiver, batch).then(
      () => (sent.samples += batch.samples),
      ({ message }: Error) => {
        if (sent.refused === 0) console.error(`${receiver.url}: ${message}`);
        sent.refused += batch.samples;
      },
    );
  }
}

/** False at the end. */
async function waited(ms: number, ending: AbortSignal): Promise<boolean> {
  return sleep(ms, !ending.aborted, { signal: ending }).catch(() => false);
}

main().then(
  (code) => (process.exitCode = code),
  ({ message }: Error) => {
    console.error(`load: ${message}\n\n${USAGE}`);
    process.exitCode = 2;
  },
);
