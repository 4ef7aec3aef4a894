// The versions of Node.js that the preload promises to run on, each with the newest versions of the libraries that support it.

import path from 'node:path';
import { npmPackages } from '@earntrack/local-servers';
import { fixtures, root } from '../support/app';
import { makeHome, type Home } from '../support/home';

export const LINES = ['18.19', '20', '22', '24'] as const;
export type Line = (typeof LINES)[number];

/** ioredis 6 needs Node 20; everywhere else the libraries are those of this repository. */
const OWN_LIBRARIES: readonly Line[] = ['18.19'];

const PROGRAMS = ['all.cjs', 'all.mjs', 'all.ts', ['all.ts', 'all.mts'], 'all-traffic.cjs'] as const;

/** The packages that the package `node` would install: its own install script does no more than that. */
const NODE_PACKAGE = `node-${process.platform === 'darwin' && process.arch === 'arm64' ? 'bin-' : ''}${process.platform}-${process.arch}`;

export interface NodeLine {
  /** The binary. */
  readonly node: string;
  /** Where the fixtures can be run with it. */
  readonly home: Home;
}

/** Downloads the line's Node.js when it is asked for the first time. */
export async function nodeOf(line: Line): Promise<NodeLine> {
  const packages = await npmPackages(`node-${line}`, path.join(fixtures, 'nodes', line), console.log);
  const home = makeHome(PROGRAMS, OWN_LIBRARIES.includes(line) ? packages : path.join(root, 'node_modules'));
  return { node: path.join(packages, NODE_PACKAGE, 'bin/node'), home };
}
