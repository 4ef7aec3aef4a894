// Access rights: every rule about the metrics and the live page, in a single table. access.ts classifies the caller and reads the table.

/** The origin of a request, as far as the request shows its origin. */
export type Origin =
  /** Loopback, under an address or a name that only this machine can mean. */
  | 'this machine'
  /** A private address. Also loopback under a foreign name: a website may point its own host name at this machine. */
  | 'private'
  /** A Unix socket, without addresses: the permissions of the socket's file decide about access. */
  | 'socket'
  /** Any further address, and an unknown address. */
  | 'public'
  /** A proxy has passed the request on; the first sender is not known. */
  | 'proxy';

/** The conditions of a verdict. A condition missing from the row always holds. */
export interface Row<Verdict> {
  readonly from?: readonly Origin[];
  /** `set`: METRICS_AUTH_TOKEN is set. `brought`: METRICS_AUTH_TOKEN is set, and the request carries the token. */
  readonly token?: 'set' | 'brought';
  /** METRICS_PUBLIC */
  readonly answerPublic?: boolean;
  /** METRICS_LIVE */
  readonly live?: boolean;
  /** NODE_ENV=production */
  readonly production?: boolean;
  readonly verdict: Verdict;
}

export type ScrapeVerdict = 'granted' | 'unauthorized' | 'forbidden';
/** `absent`: the preload acts as if the live page did not exist; the app may have its own page there. */
export type LiveVerdict = 'granted' | 'unauthorized' | 'absent';

/** The first matching row decides. */
export const accessTable: { readonly metrics: readonly Row<ScrapeVerdict>[]; readonly live: readonly Row<LiveVerdict>[] } = {
  metrics: [
    { token: 'brought', verdict: 'granted' },
    { token: 'set', verdict: 'unauthorized' },
    { production: false, verdict: 'granted' },
    { answerPublic: true, verdict: 'granted' },
    { from: ['this machine', 'private', 'socket'], verdict: 'granted' },
    { verdict: 'forbidden' },
  ],
  // The page holds no figures: the page asks METRICS_PATH for the figures, and there the rows above decide.
  live: [
    { from: ['this machine'], verdict: 'granted' },
    { live: true, token: 'brought', verdict: 'granted' },
    { live: true, token: 'set', verdict: 'unauthorized' },
    { verdict: 'absent' },
  ],
};
