// The user that a server runs as. PostgreSQL refuses to run as root, so root borrows an existing account; no account is ever created.
import { execFileSync } from 'node:child_process';

/** A user and group, in `spawn`'s form. Empty: the user of this process. */
export interface Account {
  uid?: number;
  gid?: number;
}

// initdb looks its user up ("could not look up effective user ID 54321: user does not exist"), so a bare number will not do.
// `nobody` is on every Linux and macOS; the rest stand in where somebody removed `nobody`.
const CANDIDATES = ['nobody', 'postgres', 'daemon'];

/**
 * As root an existing account without privileges, else none.
 *
 * @throws if this system has no such account
 */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  for (const name of CANDIDATES) {
    const uid = id('-u', name);
    const gid = id('-g', name);
    if (uid && gid !== undefined) return { uid, gid };
  }
  throw new Error(`PostgreSQL does not run as root, and none of ${CANDIDATES.join(', ')} is an account here: run this as another user`);
}

function id(what: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [what, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined;
  }
}
