// What an app's node_modules grow by.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
    execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--install-links', ...packages], { cwd: folder, stdio: 'pipe' });
    const kilobytes = Number(execFileSync('du', ['-sk', 'node_modules'], { cwd: folder, encoding: 'utf8' }).split('\t')[0]);
    const listed = execFileSync('npm', ['ls', '--all', '--parseable'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
    return { megabytes: kilobytes / 1024, packages: listed.length - 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
