// Runs a row of test/fixtures/hostile without and with the preload, as its client would see it.

import assert from 'node:assert/strict';
import http from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { fixtures, PRELOAD, startApp, type App } from './app';
import { samplesOf, seriesOf } from './exposition';

export interface Row {
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** It ends by itself. */
  readonly ends?: boolean;
  /** A scrape need not be answered by us, as long as the log says so. */
  readonly unserved?: boolean;
  /** Of the short run. */
  readonly telling?: boolean;
  /** False: what Node.js itself says there differs from run to run. */
  readonly stderr?: boolean;
}

const program = path.join(fixtures, 'hostile/index.cjs');
export const rows = require(program) as Readonly<Record<string, Row>>;

/** Longer than any answer takes, the 503 after a deadline too. */
const PATIENCE_MS = 12_000;
const OURS = /^\[otel-preload\] .*\n/gm;

type Answer = readonly [status: number | string, body: string];

interface Scrape {
  readonly target: string;
  readonly status: number | string;
  readonly body: string;
  /** How many requests the app had answered before. */
  readonly before: number;
}

/** What the app did, as far as it can be seen: all of it must be the same without the preload. */
interface Behaviour {
  readonly answers: readonly Answer[];
  readonly out: string;
  readonly err: string;
  readonly exited: Awaited<App['exited']>;
}

export async function assertHarmless(name: string): Promise<void> {
  const [bare, ours] = await Promise.all([behaviourOf(name, []), behaviourOf(name, PRELOAD)]);
  assert.deepEqual(ours.seen, bare.seen);
  for (const { target, status, body, before } of ours.scrapes) {
    assert.ok(status === 200 || rows[name]!.unserved, `${target} was answered with ${status} ${body}: ${ours.log.join('\n')}`);
    assert.ok(status !== 'silence', `${target} had no answer`);
    if (status !== 200) assert.ok(ours.log.length > 0, `${target} was answered with ${status} ${body}, and nothing was said`);
    else if (target === '/metrics') assert.equal(counted(body), before, `${ours.log.join('\n')}\n${body.slice(0, 500)}`);
  }
}

function counted(body: string): number {
  return Object.values(seriesOf(samplesOf(body), 'http_requests_total')).reduce((sum, value) => sum + value, 0);
}

async function behaviourOf(name: string, preload: readonly string[]): Promise<Run> {
  const { flags = [], env = {}, ends = false, stderr = true } = rows[name]!;
  const app = await startApp(program, { flags: [...preload, ...flags], args: [name], env, silent: ends });
  try {
    const talk = ends ? { answers: [], scrapes: [] } : await talkWith(app);
    const exited = await app.exited;
    const out = app.stdout().replace(/^listening .*\n/m, '');
    const err = stderr ? withoutPlaces(app.stderr().replace(OURS, '')) : '';
    return { ...talk, log: app.log(), seen: { answers: talk.answers, out, err, exited } };
  } finally {
    await app.stop();
  }
}

/** Process ids, and stacks, which may run through us. */
function withoutPlaces(text: string): string {
  return text.replace(/\(node:\d+\)/g, '').replace(/^ +at .*\n/gm, '');
}

interface Talk {
  /** To what only the app answers. */
  readonly answers: Answer[];
  readonly scrapes: Scrape[];
}

interface Run extends Talk {
  readonly log: readonly string[];
  readonly seen: Behaviour;
}

async function talkWith({ port }: App): Promise<Talk> {
  const talk: Talk = { answers: [], scrapes: [] };
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const visit = async (target: string): Promise<void> => void talk.answers.push(await ask(agent, port, target));
  let left = 0;
  const scrape = async (target: string, headers = {}): Promise<void> => {
    const before = talk.answers.length + left;
    const [status, body] = await ask(agent, port, target, headers);
    // Left to the app, it is a request like any other.
    if (status === 404) left += 1;
    talk.scrapes.push({ target, status, body, before });
  };
  await visit('/');
  await visit('/nowhere');
  await scrape('/metrics');
  await visit('/');
  await scrape('/metrics', { 'accept-encoding': 'gzip' });
  await scrape('/metrics/live');
  await scrape('/metrics');
  await visit('/');
  await visit('/end');
  agent.destroy();
  return talk;
}

function ask(agent: http.Agent, port: number, target: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path: target, headers, agent, timeout: PATIENCE_MS }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('close', () =>
        resolve([
          response.complete ? response.statusCode! : 'cut',
          String(response.headers['content-encoding'] === 'gzip' && response.complete ? gunzipSync(Buffer.concat(chunks)) : Buffer.concat(chunks)),
        ]),
      );
    });
    request.on('timeout', () => resolve(['silence', '']));
    request.on('error', (error: NodeJS.ErrnoException) => resolve([`no answer`, error.code ?? '']));
  });
}
