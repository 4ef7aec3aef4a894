// How much an app's node_modules grow.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface InstallWeight {
  readonly megabytes: number;
  readonly packages: number;
}

/** Installs packages, named as npm takes them, into an empty folder. */
export function measureInstall(packages: readonly string[]): InstallWeight {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-install-'));
  try {
    writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], { cwd: folder, stdio: 'pipe' });
    const kilobytes = Number(execFileSync('du', ['-sk', 'node_modules'], { cwd: folder, encoding: 'utf8' }).split('\t')[0]);
    const lock = JSON.parse(readFileSync(path.join(folder, 'node_modules/.package-lock.json'), 'utf8')) as { packages: object };
    return { megabytes: kilobytes / 1024, packages: Object.keys(lock.packages).length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Packs a package as npm would publish the package, and hands the archive's path to `use`. */
export function withArchive<T>(source: string, use: (archive: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-pack-'));
  try {
    const packed = execFileSync('npm', ['pack', source, '--silent', '--pack-destination', folder], { encoding: 'utf8' }).trim();
    return use(path.join(folder, packed));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
