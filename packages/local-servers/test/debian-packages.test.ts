import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../src';
import { resultElsewhere } from './support/other-process';
import { scratch } from './support/scratch';

const MODULE = path.resolve(__dirname, '../src/debian-packages.js');

/** Two packages of one source, and one of another: the server's program is a link into the tools', as redis-server's is. */
const PACKAGES: Record<string, string> = {
  'toy-server': 'Source: toy (1.0)\nDepends: toy-tools (= 1.0), toy-library',
  'toy-tools': 'Source: toy (1.0)\nDepends: toy-library',
  'toy-library': 'Section: libs',
};

const described = (name: string, more: string): string =>
  `Package: ${name}\nVersion: 1.0\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: a toy\n${more}\n`;

/** An archive of packages with the settings that make it apt's only one, on a system that has `installed`. */
function archive(installed: string[]): string {
  const folder = scratch();
  const listed = Object.entries(PACKAGES).map(([name, more]) => {
    const tree = path.join(folder, name);
    fs.mkdirSync(path.join(tree, 'DEBIAN'), { recursive: true });
    fs.mkdirSync(path.join(tree, 'usr/bin'), { recursive: true });
    fs.writeFileSync(path.join(tree, 'DEBIAN/control'), described(name, more));
    if (name === 'toy-server') fs.symlinkSync('toy-check', path.join(tree, 'usr/bin/toy-server'));
    else fs.writeFileSync(path.join(tree, 'usr/bin', name === 'toy-tools' ? 'toy-check' : name), '#!/bin/sh\necho toy\n', { mode: 0o755 });
    execFileSync('dpkg-deb', ['--build', '--root-owner-group', tree, `${tree}.deb`]);
    const deb = fs.readFileSync(`${tree}.deb`);
    const sum = crypto.createHash('sha256').update(deb).digest('hex');
    return `${described(name, more)}Filename: ./${name}.deb\nSize: ${deb.length}\nSHA256: ${sum}\n`;
  });
  const status = installed.map((name) => `${described(name, PACKAGES[name]!)}Status: install ok installed\n`);
  fs.writeFileSync(path.join(folder, 'Packages'), listed.join('\n'));
  fs.writeFileSync(path.join(folder, 'status'), status.join('\n'));
  fs.writeFileSync(path.join(folder, 'sources.list'), `deb [trusted=yes] copy:${folder} ./\n`);
  const settings = { 'Dir::Etc::sourcelist': 'sources.list', 'Dir::State::status': 'status', 'Dir::Etc::sourceparts': 'none' };
  const lines = Object.entries(settings).map(([name, file]) => `${name} "${path.join(folder, file)}";\n`);
  fs.writeFileSync(path.join(folder, 'apt.conf'), lines.join(''));
  return path.join(folder, 'apt.conf');
}

/** The path of `toy-server`, or why there is none. */
function askFor(APT_CONFIG: string): Promise<string> {
  const script = `tell(await require(${JSON.stringify(MODULE)}).debianProgram('toy-server', 'toy-server', () => {}).catch(({ message }) => message))`;
  return resultElsewhere<string>(script, { env: { APT_CONFIG, EARNTRACK_CACHE: scratch() } });
}

/** The programs in the cache after `toy-server` was asked for. */
async function programsOn(installed: string[]): Promise<string[]> {
  const program = await askFor(archive(installed));
  assert.ok(path.isAbsolute(program), program);
  assert.equal(execFileSync(program, { encoding: 'utf8' }), 'toy\n');
  return fs.readdirSync(path.dirname(program)).toSorted();
}

// Where there is no apt, nothing of this is used.
if (fs.existsSync('/usr/bin/apt-get')) {
  describe('a program out of the packages of Debian and Ubuntu', () => {
    it('comes with all that it needs where nothing is installed', async () => {
      assert.deepEqual(await programsOn([]), ['toy-check', 'toy-library', 'toy-server']);
    });

    it('comes with what its own source gives, and leaves out what the system has of others', async () => {
      for (const installed of [['toy-tools'], ['toy-server', 'toy-tools']]) {
        assert.deepEqual(await programsOn([...installed, 'toy-library']), ['toy-check', 'toy-server']);
      }
    });

    it('that cannot be fetched is told so in apt’s words, where it is installed, too', async () => {
      for (const installed of [[], Object.keys(PACKAGES)]) {
        const settings = archive(installed);
        fs.writeFileSync(path.join(path.dirname(settings), 'sources.list'), `deb [trusted=yes] http://127.0.0.1:${await freePort()} ./\n`);
        assert.match(await askFor(settings), /^W: Failed to fetch http:/);
      }
    });
  });
}
