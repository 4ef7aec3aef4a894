// `otel-preload remote-write`: checks the three variables, and renders the prometheus.yml that sends there. Secrets come from the environment
// or .env and go into files of mode 0600; a command line neither carries nor shows a secret, and nothing prints a secret.

import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { completed, readDotenv } from '../../config/dotenv-file';
import { reason } from '../../log';
import { readRemoteWrite, type RemoteWrite } from '.';
import { URL_NAME } from './fault';
import { PASSWORD_FILE, render } from './render';

const USAGE = `Usage: otel-preload remote-write [--config prometheus.yml] [--out FOLDER]

Checks PROMETHEUS_REMOTE_WRITE_URL, _USERNAME and _PASSWORD (or _PASSWORD_FILE), from the environment or .env; there are no options for them.
otel-preload doctor also asks the receiver.
With --out, writes FOLDER/prometheus.yml, which is that of --config and also sends there, and the password beside it, both for
their owner alone: run it as the user that Prometheus runs as.
`;

/** @returns the exit code: 1 if a variable or a file is wrong, and nothing was written; 2 for a wrong call */
export function remoteWrite(args: readonly string[]): number {
  const options = optionsOf(args);
  if (options === undefined) return say(USAGE, 2);
  if (options.help) return say(USAGE, 0);
  const triple = readRemoteWrite(completed(process.env, readDotenv('.', 'PROMETHEUS_REMOTE_WRITE_', sayLine)));
  if (triple.state === 'unset') return say(`${URL_NAME} is not set: set it in the environment or .env\n`, 1);
  if (triple.state === 'wrong') return say(triple.faults.map(({ line, remedy }) => `${line}: ${remedy}\n`).join(''), 1);
  if (options.out === undefined)
    return say(`The variables of remote write are well-formed; ${triple.username ? 'with' : 'without'} basic auth.\n`, 0);
  return write(triple, path.resolve(options.config), path.resolve(options.out));
}

interface Options {
  readonly config: string;
  readonly out?: string | undefined;
  readonly help?: boolean | undefined;
}

/** Undefined for an unknown argument, which is not repeated, since the argument may be a password. */
function optionsOf(args: readonly string[]): Options | undefined {
  const options = { config: { type: 'string', default: 'prometheus.yml' }, out: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch {
    return undefined;
  }
}

function write(triple: RemoteWrite, config: string, folder: string): number {
  const target = path.join(folder, 'prometheus.yml');
  if (target === config) return say(`--out is the folder of ${config}, which would be overwritten: name another one\n`, 1);
  try {
    const text = render(fs.readFileSync(config, 'utf8'), path.dirname(config), triple);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (triple.password === undefined) fs.rmSync(path.join(folder, PASSWORD_FILE), { force: true });
    else writeForOwner(path.join(folder, PASSWORD_FILE), triple.password);
    writeForOwner(target, text);
  } catch (thrown) {
    return say(`${config} is not rendered into ${folder}: ${reason(thrown)}\n`, 1);
  }
  return say(`Written. Start Prometheus with --config.file=${target}, or have it reload\n`, 0);
}

/** By rename: a running Prometheus reads the old or the new file, and an old file with wide permissions is replaced. */
function writeForOwner(file: string, text: string): void {
  const part = `${file}.${process.pid}`;
  try {
    fs.writeFileSync(part, text, { mode: 0o600, flag: 'wx' });
    fs.renameSync(part, file);
  } finally {
    fs.rmSync(part, { force: true });
  }
}

function say(text: string, code: number): number {
  (code === 0 ? process.stdout : process.stderr).write(text);
  return code;
}

const sayLine = (_: string, line: string): void => void process.stderr.write(`${line}\n`);
