import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { startPostgres, startRedis } from '../src';
import { listens, pathWithout, scratch, until } from './support/scratch';

const SCRIPT = path.resolve(__dirname, '../../../../scripts/test.mjs');

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs scripts/test.mjs over a test file of each source, in which `note(text)` writes a file that {@link noteIn} names. */
function start(sources: string | readonly string[], env: NodeJS.ProcessEnv): { child: ReturnType<typeof spawn>; ended: Promise<Run> } {
  const folder = scratch();
  const files = [sources].flat().map((source, index) => {
    const file = path.join(folder, `given-${index}.test.js`);
    fs.writeFileSync(file, `const note = (text) => require('node:fs').writeFileSync(${JSON.stringify(noteIn(env, index))}, text);\n${source}`);
    return file;
  });
  const { DATABASE_URL: _, REDIS_URL: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [SCRIPT, ...files], { env: { ...inherited, ...env } });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  child.stderr.on('data', (chunk) => (output.stderr += chunk));
  return { child, ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...output })) };
}

const noteIn = (env: NodeJS.ProcessEnv, index = 0): string => path.join(env.NOTES!, `note-${index}`);
const lastLine = (text: string): string => text.trim().split('\n').at(-1)!;
const environment = (): { TMPDIR: string; NOTES: string } => ({ TMPDIR: scratch(), NOTES: scratch() });

/** On the servers of this run: it is not about servers. */
const onServers = (): NodeJS.ProcessEnv => {
  const { TEST_DATABASE_URL: DATABASE_URL, TEST_REDIS_URL: REDIS_URL } = process.env;
  return { ...environment(), DATABASE_URL, REDIS_URL };
};

describe('npm test', () => {
  it('hands the tests their servers and programs', async () => {
    const env = { ...environment(), TEST_DATABASE_URL: 'stale' };
    const source = `it('sees them', () => note(JSON.stringify(process.env)));`;
    const { code, stdout } = await start(source, env).ended;
    const seen = JSON.parse(fs.readFileSync(noteIn(env), 'utf8')) as NodeJS.ProcessEnv;
    assert.match(seen.TEST_DATABASE_URL!, /^postgres:\/\//);
    assert.match(seen.TEST_REDIS_URL!, /^redis:\/\//);
    for (const program of [seen.TEST_PROMTOOL, seen.TEST_PROMETHEUS]) fs.accessSync(program!, fs.constants.X_OK);
    assert.deepEqual([code, lastLine(stdout)], [0, '1 passed, 0 failed']);
  });

  it("uses the servers that the environment names, but hands their addresses on as the tests' own alone", async () => {
    const [postgres, redis] = await Promise.all([startPostgres({ fresh: true }), startRedis({ fresh: true })]);
    const env = { ...environment(), DATABASE_URL: postgres.url, REDIS_URL: redis.url };
    await start(`it('sees them', () => note(JSON.stringify(process.env)));`, env).ended;
    const seen = JSON.parse(fs.readFileSync(noteIn(env), 'utf8')) as NodeJS.ProcessEnv;
    assert.deepEqual([seen.TEST_DATABASE_URL, seen.TEST_REDIS_URL], [postgres.url, redis.url]);
    assert.deepEqual([seen.DATABASE_URL, seen.REDIS_URL], [undefined, undefined]);
    assert.deepEqual(await Promise.all([listens(postgres.url), listens(redis.url)]), [true, true]);
    await Promise.all([postgres.stop(), redis.stop()]);
  });

  it('ends with the counts alone on the last line, and leaves nothing', async () => {
    const env = environment();
    const { code, stdout } = await start(`it('a', () => {}); it('b', () => { throw new Error('b'); });`, env).ended;
    assert.deepEqual([code, lastLine(stdout)], [1, '1 passed, 1 failed']);
    assert.deepEqual(fs.readdirSync(env.TMPDIR), []);
  });

  it('runs files side by side, each with a Redis and a folder of its own, and names the file of what failed', async () => {
    const env = { ...environment(), DATABASE_URL: process.env.TEST_DATABASE_URL };
    const notes = [0, 1].map((index) => noteIn(env, index));
    const both = `it('waits for the other', async () => {
      note(JSON.stringify([process.env.TEST_REDIS_URL, process.env.TMPDIR]));
      while (!${JSON.stringify(notes)}.every((file) => require('node:fs').existsSync(file))) await new Promise((resolve) => setTimeout(resolve, 20));
    });`;
    const { code, stdout } = await start([both, `${both} it('fails', () => { throw new Error('b'); });`], env).ended;
    const [[redis, folder], [otherRedis, otherFolder]] = notes.map((file) => JSON.parse(fs.readFileSync(file, 'utf8')) as string[]) as [
      string[],
      string[],
    ];
    assert.notEqual(redis, otherRedis);
    assert.notEqual(folder, otherFolder);
    assert.match(stdout, /given-1\.test\.js\n\n {2}1\) fails:\n/);
    assert.deepEqual([code, lastLine(stdout)], [1, '2 passed, 1 failed']);
  });

  it('fails when a test ends the run with exit code 0', async () => {
    const { code, stdout } = await start(`it('a', () => {}); it('b', () => process.exit(0));`, onServers()).ended;
    assert.deepEqual([code, lastLine(stdout)], [1, '0 passed, 1 failed']);
  });

  it('fails when there is no test', async () => {
    const { code, stdout } = await start('', onServers()).ended;
    assert.deepEqual([code, lastLine(stdout)], [1, '0 passed, 1 failed']);
  });

  it('fails with the one line of the remedy where no Redis is to be had', async () => {
    const PATH = pathWithout('redis-server', 'valkey-server', 'apt-get', 'docker');
    const env = { ...environment(), PATH, EARNTRACK_CACHE: scratch() };
    const { code, stdout, stderr } = await start(`it('a', () => {});`, env).ended;
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /^no Redis: .*Remedy: .*\n$/);
    await until(() => fs.readdirSync(env.TMPDIR).length === 0);
  });

  it('stops its servers when it is ended with SIGTERM', async () => {
    const env = environment();
    const { child, ended } = start(`it('waits', (done) => { note('waiting'); setTimeout(done, 50_000); });`, env);
    await until(() => fs.existsSync(noteIn(env)));
    child.kill('SIGTERM');
    assert.notEqual((await ended).code, 0);
    assert.deepEqual(fs.readdirSync(env.TMPDIR), []);
  });
});
