// PM2 in cluster mode runs the modules of `-r` before giving a worker the app's environment, folder and program. Until then all three lie
// in a single variable, as JSON: lib/ProcessContainer.js of PM2.

import type { Environment } from './types';

const VARIABLE = 'pm2_env';

export interface Pm2Worker {
  /** The app's future environment. */
  readonly environment: Environment;
  /** The app's working directory. */
  readonly folder: string;
  /** Tells the app from further apps of the same PM2, because their workers share a parent. */
  readonly program: string;
}

/** The app about to be started by PM2 in this process; undefined without PM2, or once the app has started. */
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
