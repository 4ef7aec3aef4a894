// Gets a program out of Debian's and Ubuntu's own packages without installing them: as any user, and with nothing written outside the
// cache folder. apt verifies the packages' signatures as ever; dpkg only unpacks them, and no script of theirs is run.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder';
import { onPath, runs } from './program';
import { WatchedFolder } from './watched-folder';

const run = promisify(execFile);

/**
 * The absolute path of `program` of `packageName`, in the cache with every library that this system lacks; downloaded at the first call.
 * Undefined without apt.
 *
 * @param say receives a line before a download
 * @throws with apt's own words if apt knows no such package, or cannot download the package
 */
export async function debianProgram(packageName: string, program: string, say: (line: string) => void): Promise<string | undefined> {
  if (process.platform !== 'linux' || !(await onPath('apt-get')) || !(await onPath('dpkg-deb'))) return undefined;
  const cache = cacheFolder();
  const kept = path.join(cache, `${await systemName()}-${packageName}`);
  const wrapper = path.join(kept, 'bin', program);
  if (await runs(wrapper)) return wrapper;
  say(`downloading ${packageName} with apt into ${cache}`);
  await download(packageName, program, kept);
  return wrapper;
}

/** The missing libraries depend on the system: a home folder shared by several machines must not mix them. */
async function systemName(): Promise<string> {
  const release = await fs.promises.readFile('/etc/os-release', 'utf8').catch(() => '');
  const field = (name: string): string => new RegExp(`^${name}="?([\\w.-]+)`, 'm').exec(release)?.[1] ?? 'unknown';
  return `${field('ID')}-${field('VERSION_ID')}-${process.arch}`;
}

async function download(packageName: string, program: string, kept: string): Promise<void> {
  const work = WatchedFolder.create('apt', path.dirname(kept));
  try {
    const unpacked = path.join(work.path, 'unpacked');
    await unpack(await fetchArchives(packageName, work.path), unpacked);
    if (!(await runs(path.join(unpacked, 'bin', program)))) throw new Error(`${packageName} of this system does not run`);
    await keep(unpacked, kept, program);
  } finally {
    await work.remove();
  }
}

/** A second process may be doing the same: the first to finish wins, and a broken earlier download gives way. */
async function keep(unpacked: string, kept: string, program: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await fs.promises.rename(unpacked, kept);
    } catch (thrown) {
      if (await runs(path.join(kept, 'bin', program))) return;
      if (tries === 3) throw thrown;
      await fs.promises.rm(kept, { recursive: true, force: true });
    }
  }
}

async function fetchArchives(packageName: string, folder: string): Promise<string[]> {
  const archives = path.join(folder, 'archives');
  for (const made of ['lists/partial', 'cache/archives/partial', 'archives']) {
    await fs.promises.mkdir(path.join(folder, made), { recursive: true });
  }
  const env = { ...process.env, LC_ALL: 'C', APT_CONFIG: await writeConfiguration(folder) };
  const { stderr } = await apt(['update'], env, archives);
  // `update` succeeds although it could fetch nothing: then its warning is the cause, not "unable to locate package".
  const unfetched = /^W: Failed to fetch .*/m.exec(stderr)?.[0];
  const plan = await reinstallPlan(packageName, env, archives).catch((thrown: Error) => {
    throw new Error(unfetched ?? thrown.message);
  });
  const wanted = [...plan.matchAll(/^Inst (\S+) (?:\[\S+\] )?\((\S+)/gm)].map(([, name, version]) => `${name}=${version}`);
  // What is installed, but cannot be downloaded, is no error to apt.
  if (wanted.length === 0) throw new Error(unfetched ?? `apt has no archive of ${packageName}`);
  await apt(['download', ...wanted], env, archives);
  return (await fs.promises.readdir(archives)).map((name) => path.join(archives, name));
}

/**
 * apt's own solver names the packages that this system lacks. `--reinstall` also names packages installed but not on PATH: the package, and its
 * dependencies from the same source, since the package's program may be a link into them (redis-server's leads to redis-tools).
 */
async function reinstallPlan(packageName: string, env: NodeJS.ProcessEnv, cwd: string): Promise<string> {
  const names = [packageName, ...(await siblings(packageName, env))];
  return (await apt(['--simulate', '--no-install-recommends', '--reinstall', 'install', ...names], env, cwd)).stdout;
}

/** The package's dependencies built from the same source. */
async function siblings(packageName: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const only = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((relation) => `--no-${relation}`);
  const ask = async (...args: string[]): Promise<string> =>
    (await run('apt-cache', args, { env, maxBuffer: 2 ** 24 }).catch(() => ({ stdout: '' }))).stdout;
  const needed = (await ask('depends', '--recurse', ...only, packageName)).match(/^[a-z0-9][a-z0-9.+-]*$/gm) ?? [];
  const described = await ask('show', '--no-all-versions', ...needed);
  const sources = described.split('\n\n').map((stanza) => [field(stanza, 'Package'), field(stanza, 'Source') ?? field(stanza, 'Package')] as const);
  const [, source] = sources.find(([name]) => name === packageName) ?? [];
  return sources.flatMap(([name, of]) => (of === source && name && name !== packageName ? [name] : []));
}

/** A field of a package's description, up to its first blank: `redis (7.0)` is `redis`. */
const field = (stanza: string, name: string): string | undefined => new RegExp(`^${name}: (\\S+)`, 'm').exec(stanza)?.[1];

/**
 * The system's own apt settings (proxies, sources, keys) with every path that apt writes to moved into `folder`, and without hooks:
 * the Docker images' `APT::Update::Post-Invoke` deletes in /var/cache/apt, a change of the system as root and an error otherwise.
 */
async function writeConfiguration(folder: string): Promise<string> {
  const { stdout } = await run('apt-config', ['dump']);
  const kept = stdout.split('\n').filter((line) => !/invoke|^Dir::Etc::(main|parts) |^Dir::(State::lists|Cache)[ :]/i.test(line));
  const own = [
    'Dir::Etc::main "/dev/null";',
    'Dir::Etc::parts "/dev/null";',
    `Dir::State::lists ${JSON.stringify(path.join(folder, 'lists'))};`,
    `Dir::Cache ${JSON.stringify(path.join(folder, 'cache'))};`,
    'Acquire::Languages "none";',
    'Acquire::Retries "1";',
    'Acquire::http::Timeout "20";',
    'Acquire::https::Timeout "20";',
    // As root, apt would drop to _apt, which cannot enter the cache, and warn.
    'APT::Sandbox::User "root";',
  ];
  const file = path.join(folder, 'apt.conf');
  await fs.promises.writeFile(file, [...kept, ...own, ''].join('\n'));
  return file;
}

async function apt(args: string[], env: NodeJS.ProcessEnv, cwd: string): Promise<{ stdout: string; stderr: string }> {
  try {
    return await run('apt-get', ['-q', ...args], { env, cwd, timeout: 300_000, maxBuffer: 2 ** 24 });
  } catch (thrown) {
    const { stderr = '', message } = thrown as { stderr?: string; message: string };
    const said = /^E: .*/m.exec(stderr)?.[0] ?? message.split('\n')[0];
    throw new Error(`apt-get ${args.find((arg) => !arg.startsWith('-'))} failed (${said})`, { cause: thrown });
  }
}

async function unpack(archives: string[], folder: string): Promise<void> {
  const root = path.join(folder, 'root');
  for (const made of [root, path.join(folder, 'bin')]) await fs.promises.mkdir(made, { recursive: true });
  for (const archive of archives) await run('dpkg-deb', ['-x', archive, root]);
  for (const program of await fs.promises.readdir(path.join(root, 'usr/bin'))) {
    await fs.promises.writeFile(path.join(folder, 'bin', program), wrapperScript(program, await libraryFolders(root)), { mode: 0o755 });
  }
}

async function libraryFolders(root: string): Promise<string[]> {
  const folders: string[] = [];
  for (const base of ['usr/lib', 'lib']) {
    const names = await fs.promises.readdir(path.join(root, base)).catch(() => []);
    folders.push(...names.filter((name) => name.includes('-linux-')).map((name) => `${base}/${name}`));
  }
  return folders;
}

/** A script, so that the program has a single path for its callers. The script names its place relative to itself: the folder is renamed. */
function wrapperScript(program: string, libraries: string[]): string {
  const search = libraries.map((folder) => `$root/${folder}`).join(':');
  return `#!/bin/sh
root=$(dirname "$0")/../root
LD_LIBRARY_PATH="${search}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" exec "$root/usr/bin/${program}" "$@"
`;
}
