// The contract of a hook: a hook sees a single library and writes to instruments. Hooks know nothing of each other.

import type { Config } from '../config';
import type { Instruments } from '../instruments';
import type { WatchedModule } from '../loading/modules';
import type { RequestTracker } from '../requests/tracker';

export interface HookContext {
  readonly config: Config;
  readonly instruments: Instruments;
  readonly requests: RequestTracker;
}

/** The modules to show to a hook when the app loads them. */
export type Hook = (context: HookContext) => readonly WatchedModule[];
