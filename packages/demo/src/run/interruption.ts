// The order to end: a signal, or the end of the npm that started us.

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Fires at the first signal, with the exit code as its reason; a second signal ends the process at once. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS)) {
    process.on(name, () => (controller.signal.aborted ? process.exit(code) : controller.abort(code)));
  }
  // npm passes a SIGTERM on to the shell between us, which dies of the signal and tells nobody.
  const parent = process.ppid;
  const orphaned = (): void => {
    if (process.ppid !== parent) controller.abort(SIGNALS.SIGTERM);
  };
  if (process.env.npm_lifecycle_event) setInterval(orphaned, 500).unref();
  return controller.signal;
}
