// PM2 in cluster mode runs what `-r` names before it gives a worker the app's environment, folder and program. Until then they lie in one
// variable, as JSON: lib/ProcessContainer.js of PM2.

import type { Environment } from './types';

const VARIABLE = 'pm2_env';

export interface Pm2Worker {
  /** The app's environment, as it will be. */
  readonly environment: Environment;
  /** The app's working directory. */
  readonly folder: string;
  /** Tells it from other apps of the same PM2, whose workers have the same parent. */
  readonly program: string;
}

/** The app that PM2 is about to start in this process; undefined if there is none, or no longer. */
export function pm2Worker(environment: Environment): Pm2Worker | undefined {
  const { [VARIABLE]: text, ...inherited } = environment;
  if (text === undefined) return undefined;
  try {
    const given = JSON.parse(text) as Record<string, unknown>;
    const plain = Object.entries(given).filter(([, value]) => typeof value !== 'object');
    const added = Object.fromEntries(plain.map(([name, value]) => [name, String(value)]));
    return { environment: { ...inherited, ...added }, folder: added['pm_cwd'] ?? '.', program: `${added['name']} ${added['pm_exec_path']}` };
  } catch {
    return undefined;
  }
}
