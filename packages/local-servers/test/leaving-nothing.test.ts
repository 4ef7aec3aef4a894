import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { elsewhere } from './support/other-process';
import { listens, scratch, until } from './support/scratch';

const ALL = `
  const started = await Promise.all([
    servers.startPostgres(),
    servers.startRedis(),
    servers.startPrometheus({ config: 'scrape_configs: []' }),
  ]);
  setInterval(() => {}, 1000);
  tell(started.map(({ url }) => url));`;

/** The command lines of this machine's processes that name `folder`. */
const processesOf = (folder: string): string[] =>
  execFileSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder));

const ENDS: Record<string, (script: string) => { script: string; signal?: NodeJS.Signals }> = {
  'is killed with SIGKILL': (script) => ({ script, signal: 'SIGKILL' }),
  'is ended with SIGTERM': (script) => ({ script, signal: 'SIGTERM' }),
  'is interrupted with SIGINT': (script) => ({ script, signal: 'SIGINT' }),
  'calls process.exit': (script) => ({ script: `${script} process.exit(0);` }),
  'dies of an uncaught exception': (script) => ({ script: `${script} setImmediate(() => { throw new Error('uncaught'); });` }),
};

describe('a process that started servers', () => {
  for (const [end, prepare] of Object.entries(ENDS)) {
    it(`leaves none of them, and no folder, when it ${end}`, async () => {
      const TMPDIR = scratch();
      const { script, signal } = prepare(ALL);
      const { child, told, ended } = elsewhere(script, { env: { TMPDIR } });
      const urls = (await told) as string[];
      assert.equal(urls.length, 3);
      if (signal) child.kill(signal);
      await ended;
      await until(() => fs.readdirSync(TMPDIR).length === 0);
      assert.deepEqual(await Promise.all(urls.map(listens)), [false, false, false]);
      assert.deepEqual(processesOf(TMPDIR), []);
    });
  }

  it('leaves nothing when it is killed while PostgreSQL is being initialised', async () => {
    const TMPDIR = scratch();
    const { child, ended } = elsewhere(`await servers.startPostgres();`, { env: { TMPDIR } });
    await until(() => fs.readdirSync(TMPDIR).some((folder) => fs.existsSync(`${TMPDIR}/${folder}/data/base`)));
    child.kill('SIGKILL');
    await ended;
    await until(() => fs.readdirSync(TMPDIR).length === 0);
    assert.deepEqual(processesOf(TMPDIR), []);
  });
});
