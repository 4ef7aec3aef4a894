// The only reader of the environment: turns process.env and .env into a frozen, checked Config.
// Switched off, the preload must cost next to nothing: the parts of a running preload are loaded once the switch is known to be on.

import { completed, readDotenv } from './dotenv-file';
import { boolean, isBlank } from './parsers';
import { pm2Worker } from './pm2-worker';
import type { Config, Environment, Off, Say } from './types';
import { sayOnce } from '../log';

export type * from './types';

const SWITCH = 'PROMETHEUS_ENABLED';
const OFF: Off = Object.freeze({ enabled: false });

/**
 * Reads and checks the environment, and for variables unset or blank there, `.env` in `folder`.
 * A wrong value: a log line names the variable, and the default is used. Never throws, never writes.
 */
export function readConfig(environment: Environment = process.env, folder = '.', say: Say = sayOnce): Config | Off {
  const worker = pm2Worker(environment);
  if (worker) return readConfig(worker.environment, worker.folder, say);
  const undecided = isBlank(environment[SWITCH]);
  if (!undecided && !switchedOn(environment, say)) return OFF;
  const all = completed(environment, readDotenv(folder, undecided ? SWITCH : '', say));
  if (!switchedOn(all, say)) return OFF;
  const { readSettings } = require('./settings') as typeof import('./settings');
  return readSettings(all, say) ?? OFF;
}

function switchedOn({ [SWITCH]: text = '' }: Environment, say: Say): boolean {
  if (isBlank(text)) return false;
  const value = boolean.parse(text.trim());
  if (value === undefined) say(SWITCH, `${SWITCH}=${JSON.stringify(text)} is not ${boolean.accepts}: the preload stays off`);
  return value === true;
}
