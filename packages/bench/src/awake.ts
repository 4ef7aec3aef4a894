// A client that does not sleep while it waits. Waking one is on the account of the server that writes to it: 35 of the 55 µs that a write
// then takes, now and then, and the more often the slower the server is.

/** Keeps this process running until the work is done. */
export async function awake<T>(work: Promise<T>): Promise<T> {
  let done = false;
  const turn = (): void => void (done || setImmediate(turn));
  turn();
  return work.finally(() => (done = true));
}
