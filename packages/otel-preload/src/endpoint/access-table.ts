// Who may see what: every rule about the metrics and the live page, as one table. access.ts finds out who asks, and reads it.

/** Where a request comes from, as far as it shows. */
export type Origin =
  /** Loopback, under an address or a name that only this machine can mean. */
  | 'this machine'
  /** A private address; loopback too, under any other name: a page of elsewhere may make its own name lead here. */
  | 'private'
  /** A Unix socket, which has no addresses: who may open it is up to its file's permissions. */
  | 'socket'
  /** Any other address, and one that is not known. */
  | 'public'
  /** Somebody has passed it on: for whom, is not known. */
  | 'proxy';

/** What must hold for a verdict; a condition that is not there holds for all. */
export interface Row<Verdict> {
  readonly from?: readonly Origin[];
  /** `set`: METRICS_AUTH_TOKEN is; `brought`: it is, and the request brings it. */
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
/** `absent`: as if there were no such page; the app may have one of its own. */
export type LiveVerdict = 'granted' | 'unauthorized' | 'absent';

/** The first row that fits decides. */
export const accessTable: { readonly metrics: readonly Row<ScrapeVerdict>[]; readonly live: readonly Row<LiveVerdict>[] } = {
  metrics: [
    { token: 'brought', verdict: 'granted' },
    { token: 'set', verdict: 'unauthorized' },
    { production: false, verdict: 'granted' },
    { answerPublic: true, verdict: 'granted' },
    { from: ['this machine', 'private', 'socket'], verdict: 'granted' },
    { verdict: 'forbidden' },
  ],
  // The page holds no figures: those it asks of METRICS_PATH, where the rows above decide.
  live: [
    { from: ['this machine'], verdict: 'granted' },
    { live: true, token: 'brought', verdict: 'granted' },
    { live: true, token: 'set', verdict: 'unauthorized' },
    { verdict: 'absent' },
  ],
};
