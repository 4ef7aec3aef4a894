import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { resultElsewhere } from './support/other-process';
import { scratch } from './support/scratch';

const MODULE = path.resolve(__dirname, '../src/cache-folder.js');
const SCRIPT = `const { cacheFolder } = require(${JSON.stringify(MODULE)}); try { tell(cacheFolder()); } catch ({ message }) { tell({ message }); }`;
const NAME = 'earntrack-otel-preload';

/** The cache folder of a process with `env` and a home and a temporary folder of its own. */
function cacheWith(env: NodeJS.ProcessEnv): Promise<unknown> {
  return resultElsewhere(SCRIPT, { env: { EARNTRACK_CACHE: '', XDG_CACHE_HOME: '', ...env } });
}

describe('the cache folder', () => {
  it('is the one that EARNTRACK_CACHE names', async () => {
    const EARNTRACK_CACHE = path.join(scratch(), 'a/b');
    assert.equal(await cacheWith({ EARNTRACK_CACHE, XDG_CACHE_HOME: scratch() }), EARNTRACK_CACHE);
    assert.ok(fs.statSync(EARNTRACK_CACHE).isDirectory());
  });

  it('is not silently another one than EARNTRACK_CACHE names', async () => {
    const { message } = (await cacheWith({ EARNTRACK_CACHE: '/proc/version/cache' })) as Error;
    assert.match(message, /^EARNTRACK_CACHE=\/proc\/version\/cache cannot be written: /);
  });

  it('lies in XDG_CACHE_HOME, else in ~/.cache', async () => {
    const [HOME, XDG_CACHE_HOME] = [scratch(), scratch()];
    assert.equal(await cacheWith({ HOME, XDG_CACHE_HOME }), path.join(XDG_CACHE_HOME, NAME));
    assert.equal(await cacheWith({ HOME }), path.join(HOME, '.cache', NAME));
  });

  it('lies in the temporary folder where there is no home to write in', async () => {
    const TMPDIR = scratch();
    const folder = path.join(TMPDIR, `${NAME}-${process.getuid!()}`);
    for (const HOME of ['', '/proc/version']) assert.equal(await cacheWith({ HOME, TMPDIR }), folder);
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
  });
});
