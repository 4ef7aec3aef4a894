// What a hook is: it sees one library and writes to instruments. Hooks know nothing of one another.

import type { Config } from '../config';
import type { Instruments } from '../instruments';
import type { WatchedModule } from '../loading/modules';
import type { RequestTracker } from '../requests/tracker';

export interface HookContext {
  readonly config: Config;
  readonly instruments: Instruments;
  readonly requests: RequestTracker;
}

/** The modules that a hook wants to see when the app loads them. */
export type Hook = (context: HookContext) => readonly WatchedModule[];
