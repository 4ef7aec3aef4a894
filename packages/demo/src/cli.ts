// `npm run demo`: the backend with the preload, on real servers, under load, and the figures of /metrics.

import { runDemo } from './run/demo';
import { interruption } from './run/interruption';
import { type Options, readOptions, USAGE } from './run/options';

/** Resolves to the exit code. */
async function main(): Promise<number> {
  const options = optionsOrComplaint();
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const interrupted = interruption();
  const agreed = await runDemo(options, interrupted);
  return interrupted.aborted ? (interrupted.reason as number) : agreed ? 0 : 1;
}

function optionsOrComplaint(): Options | string {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    return (error as Error).message;
  }
}

main().then(
  // Ended here: an interrupted download would keep the process.
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`demo: ${error.message}`);
    process.exit(1);
  },
);
