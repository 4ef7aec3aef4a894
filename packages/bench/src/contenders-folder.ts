// The measured programs and their packages, in the cache folder: only the benchmark installs them.

import { cpSync } from 'node:fs';
import path from 'node:path';
import { npmPackages } from '@earntrack/local-servers';

const SOURCE = path.resolve(__dirname, '../../contenders');

export async function contendersFolder(say: (line: string) => void): Promise<string> {
  const folder = path.dirname(await npmPackages('bench-contenders', SOURCE, say));
  cpSync(SOURCE, folder, { recursive: true });
  return folder;
}
