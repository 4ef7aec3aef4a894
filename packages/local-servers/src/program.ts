// Finds a program that really runs.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

/** Whether `program --version` succeeds: the program exists, may be executed, and finds its libraries. */
export async function runs(program: string): Promise<boolean> {
  try {
    await promisify(execFile)(program, ['--version'], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** The absolute path of the first working program of this name on PATH. */
export async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const program = path.join(folder, name);
    if (path.isAbsolute(folder) && (await runs(program))) return program;
  }
  return undefined;
}
