// `npm run demo`: the backend with the preload, on real servers, under load, and what /metrics says of it.

import { runDemo } from './run/demo';
import { readOptions, USAGE } from './run/options';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The exit code. */
async function main(): Promise<number> {
  let options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const { signal, code } = interruption();
  const agreed = await runDemo(options, signal);
  return code() ?? (agreed ? 0 : 1);
}

/** The first signal ends the demo in order, a second one at once. */
function interruption(): { signal: AbortSignal; code: () => number | undefined } {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS)) {
    process.on(name, () => (controller.signal.aborted ? process.exit(code) : controller.abort(code)));
  }
  return { signal: controller.signal, code: () => controller.signal.reason as number | undefined };
}

main().then(
  // Not left to end by itself: a download that was interrupted would keep the process.
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`demo: ${error.message}`);
    process.exit(1);
  },
);
