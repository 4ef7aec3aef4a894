#!/usr/bin/env node
// The `otel-preload` command: finds the subcommand, and knows no more of it than its name.

import { doctor } from './doctor/command';
import { remoteWrite } from './remote-write/command';

/** Each is given the arguments after its name, prints by itself, and returns the exit code. */
const commands: Readonly<Record<string, (args: readonly string[]) => number | Promise<number>>> = {
  doctor,
  'remote-write': remoteWrite,
};

async function run([name = '', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command(args);
  const asked = name === '--help' || name === '-h';
  const names = Object.keys(commands).map((each) => `otel-preload ${each} --help\n`);
  (asked ? process.stdout : process.stderr).write(`Usage:\n${names.join('')}`);
  return asked ? 0 : 2;
}

void run(process.argv.slice(2)).then((code) => (process.exitCode = code));
