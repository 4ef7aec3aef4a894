// What trying mutants shares with `npm test`: scripts in plain JavaScript, which run before anything is built.

import path from 'node:path';
import { root } from '../support/app';

export interface Servers {
  /** Their addresses, for tests. */
  readonly env: NodeJS.ProcessEnv;
  readonly stop: () => Promise<unknown>;
}

export interface Scripts {
  /** The compiled file of a test's source; both from the root of the repository. */
  readonly compiledOf: (root: string, file: string) => string;
  readonly startServers: () => Promise<Servers>;
  readonly testEnvironment: (added: NodeJS.ProcessEnv) => NodeJS.ProcessEnv;
}

export async function scripts(): Promise<Scripts> {
  const [tests, servers] = await Promise.all(['compiled-tests.mjs', 'test-servers.mjs'].map((file) => import(path.join(root, 'scripts', file))));
  return { ...(tests as Scripts), ...(servers as Scripts) };
}
