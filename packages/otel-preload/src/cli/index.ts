#!/usr/bin/env node
// The `otel-preload` command: finds the subcommand, and knows no more of it than its name and what it is for.

import { doctor } from './doctor/command';
import { remoteWrite } from './remote-write/command';

interface Command {
  /** What it does, in a few words. */
  readonly summary: string;
  /** Is given the arguments after the command's name, prints by itself, and returns the exit code. */
  readonly run: (args: readonly string[]) => number | Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  doctor: { summary: 'asks the receiver and the collector that the variables name whether they take metrics', run: doctor },
  'remote-write': { summary: 'checks the variables of remote write, and renders a prometheus.yml that uses them', run: remoteWrite },
};

async function run([name = '', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command !== undefined) return command.run(args);
  const asked = name === '--help' || name === '-h';
  const lines = Object.entries(commands).map(([each, { summary }]) => `  otel-preload ${each.padEnd(14)}${summary}\n`);
  (asked ? process.stdout : process.stderr).write(`Usage, each with --help for more:\n${lines.join('')}`);
  return asked ? 0 : 2;
}

void run(process.argv.slice(2)).then((code) => (process.exitCode = code));
