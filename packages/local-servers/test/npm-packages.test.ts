import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { resultElsewhere } from './support/other-process';
import { scratch } from './support/scratch';

const MODULE = path.resolve(__dirname, '../src/npm-packages.js');

/** A folder that asks for one package, which lies beside it and whose install script would leave a file. */
function asking(version: string): string {
  const folder = scratch();
  const given = path.join(folder, 'given');
  fs.mkdirSync(given);
  write(path.join(given, 'package.json'), { name: 'given', version, scripts: { install: 'echo > ran' } });
  const archive = `${given}-${version}.tgz`;
  execFileSync('tar', ['-czf', archive, '-C', folder, 'given']);
  const dependencies = { given: `file:${archive}` };
  write(path.join(folder, 'package.json'), { name: 'asking', private: true, dependencies });
  const locked = { '': { name: 'asking', dependencies }, 'node_modules/given': { version, resolved: `file:${archive}`, hasInstallScript: true } };
  write(path.join(folder, 'package-lock.json'), { name: 'asking', lockfileVersion: 3, requires: true, packages: locked });
  return folder;
}

const write = (file: string, content: object): void => fs.writeFileSync(file, JSON.stringify(content));

/** What is said and returned in a process of its own, with a cache of its own. */
function ask(folder: string, cache: string, env: NodeJS.ProcessEnv = {}): Promise<unknown> {
  const script = `
    const said = [];
    require(${JSON.stringify(MODULE)}).npmPackages('a-name', ${JSON.stringify(folder)}, (line) => said.push(line)).then(
      (packages) => tell({ said, packages }), ({ message }) => tell({ said, message }));`;
  return resultElsewhere(script, { env: { EARNTRACK_CACHE: cache, ...env } });
}

describe('npmPackages', () => {
  it('installs what the lock says, once, without running install scripts', async () => {
    const [folder, cache] = [asking('1.2.3'), scratch()];
    const { said, packages } = (await ask(folder, cache)) as { said: string[]; packages: string };
    assert.deepEqual(said, [`downloading a-name with npm into ${cache}`]);
    assert.equal(JSON.parse(fs.readFileSync(path.join(packages, 'given/package.json'), 'utf8')).version, '1.2.3');
    assert.deepEqual(fs.readdirSync(path.join(packages, 'given')), ['package.json']);
    assert.deepEqual(await ask(folder, cache), { said: [], packages });
    assert.equal(fs.readdirSync(cache).length, 1);
  });

  it('keeps another version beside it', async () => {
    const cache = scratch();
    await ask(asking('1.0.0'), cache);
    await ask(asking('2.0.0'), cache);
    assert.equal(fs.readdirSync(cache).length, 2);
  });

  it('is not led astray by the npm script, or the preload, that it runs under', async () => {
    const cache = scratch();
    const env = { npm_config_local_prefix: scratch(), npm_config_prefix: scratch(), NODE_ENV: 'production', npm_config_ignore_scripts: 'false' };
    const { packages } = (await ask(asking('1.0.0'), cache, env)) as { packages: string };
    assert.ok(packages.startsWith(cache));
    assert.deepEqual(fs.readdirSync(path.join(packages, 'given')), ['package.json']);
  });

  it('leaves nothing when npm fails, whose words are in the error', async () => {
    const [folder, cache] = [asking('1.0.0'), scratch()];
    write(path.join(folder, 'package.json'), { name: 'asking', private: true, dependencies: { given: 'file:nowhere.tgz' } });
    const { message } = (await ask(folder, cache)) as { message: string };
    assert.match(message, /^npm ci failed: npm error .*nowhere\.tgz/);
    assert.deepEqual(fs.readdirSync(cache), []);
  });
});
