// Single keys pressed in the terminal.

import type { ReadStream } from 'node:tty';

/** Calls `pressed` with each key until the returned function is called; does nothing where there is no terminal. */
export function watchKeys(input: ReadStream, pressed: (key: string) => void): () => void {
  if (!input.isTTY) return () => {};
  const listen = (keys: Buffer): void => keys.toString().split('').forEach(pressed);
  input.setRawMode(true);
  input.on('data', listen);
  input.resume();
  return () => {
    input.off('data', listen);
    input.setRawMode(false);
    input.pause();
  };
}
