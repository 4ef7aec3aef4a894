// Packages from npm that are no dependencies of this repository, such as further versions of Node.js, or whole applications: in the cache
// folder, and out of everybody's node_modules.
import { execFile } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from './cache-folder';
import { WatchedFolder } from './watched-folder';

const FILES = ['package.json', 'package-lock.json'];

/** Without a network npm gives up after twenty seconds; by default npm takes three minutes. */
const PATIENCE = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=2000'];

/**
 * The `node_modules` of the package.json and package-lock.json in `folder`, installed at the first call. Packages' install scripts are not run.
 *
 * @param name of the packages in the cache, and for `say`
 * @param say receives a line before a download
 * @throws with npm's own words after a failed install
 */
export async function npmPackages(name: string, folder: string, say: (line: string) => void = () => {}): Promise<string> {
  const contents = await Promise.all(FILES.map((file) => fs.promises.readFile(path.join(folder, file))));
  const version = crypto.createHash('sha256').update(Buffer.concat(contents)).digest('hex').slice(0, 12);
  const kept = path.join(cacheFolder(), `npm-${process.platform}-${process.arch}-${name}-${version}`);
  if (!fs.existsSync(kept)) {
    say(`downloading ${name} with npm into ${cacheFolder()}`);
    await install(folder, kept);
  }
  return path.join(kept, 'node_modules');
}

async function install(folder: string, kept: string): Promise<void> {
  const work = WatchedFolder.create('npm', path.dirname(kept));
  try {
    const installing = path.join(work.path, 'installing');
    await fs.promises.mkdir(installing);
    for (const file of FILES) await fs.promises.copyFile(path.join(folder, file), path.join(installing, file));
    await npm(['ci', '--ignore-scripts', '--omit=dev', '--include=optional', '--no-audit', '--no-fund', ...PATIENCE], installing);
    // Another process may have been first: its folder is as good as ours.
    await fs.promises.rename(installing, kept).catch((thrown: Error) => {
      if (!fs.existsSync(kept)) throw thrown;
    });
  } finally {
    await work.remove();
  }
}

/** The npm that runs this program, if any does. */
async function npm(args: string[], cwd: string): Promise<void> {
  const cli = process.env.npm_execpath ?? '';
  const [command, before] = cli.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  // Without NODE_OPTIONS: a preload under test has no business in here.
  const { NODE_OPTIONS: _, ...env } = process.env;
  await promisify(execFile)(command, [...before, ...args], { cwd, env, maxBuffer: 16 << 20 }).catch(
    ({ stderr, message }: Error & { stderr: string }) => {
      const words = stderr
        .match(/^npm error (?!code).+$/gm)
        ?.slice(0, 3)
        .join(' ');
      throw new Error(`npm ${args[0]} failed: ${words ?? message}`);
    },
  );
}
