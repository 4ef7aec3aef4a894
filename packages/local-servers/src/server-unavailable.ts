// How a server that cannot be had here is told.

/** No such server can be had on this machine. `message` is one line: what was tried, and the remedy. It holds no password. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';

  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, ' '));
  }
}
