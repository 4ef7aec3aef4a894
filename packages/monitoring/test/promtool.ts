// promtool of the Prometheus in TEST_PROMTOOL, else of the one that the machine has or can have.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { promtool } from '@earntrack/local-servers';

/** Runs it, and resolves to its output. Rejects with what it says if it fails. */
export async function runPromtool(...args: string[]): Promise<string> {
  const chosen = process.env.TEST_PROMTOOL;
  if (chosen) return execChosen(chosen, args);
  const { code, stdout, stderr } = await promtool(args);
  if (code !== 0) throw new Error(`promtool ${args[0]} ${args[1]}: exit ${code}\n${stdout}${stderr}`);
  return stdout + stderr;
}

async function execChosen(program: string, args: string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, args, { maxBuffer: 2 ** 26 }).catch((failed: { stdout: string; stderr: string }) => {
    throw new Error(`${program} ${args[0]} ${args[1]} failed\n${failed.stdout}${failed.stderr}`);
  });
  return stdout + stderr;
}
