// How this package reports a server that the machine cannot have.

/** The machine can have no such server. `message` is a line: the attempts, and the remedy. Holds no password. */
export class ServerUnavailable extends Error {
  override readonly name = 'ServerUnavailable';

  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, ' '));
  }
}
