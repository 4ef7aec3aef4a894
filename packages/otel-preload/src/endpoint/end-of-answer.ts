// Node.js tells a channel of the end of each answer, those of ours too: a subscriber of the app's that takes each for one of the app's own may throw.

import diagnostics from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { guarded } from '../log';

interface Channel {
  readonly hasSubscribers: boolean;
  readonly name: string;
  readonly _subscribers?: readonly ((message: unknown, name: string) => void)[];
  publish(message: unknown): void;
}

/** Node.js would make an uncaught exception of what a subscriber throws. It tells them in its own listener for `finish`. */
export function guardEndOf(response: ServerResponse): void {
  const channel = diagnostics.channel('http.server.response.finish') as unknown as Channel;
  if (!channel.hasSubscribers) return;
  const listeners = response.rawListeners('finish');
  response.removeAllListeners('finish');
  response.on('finish', () => {
    Object.defineProperty(channel, 'publish', { value: publishGuarded, configurable: true });
    for (const listener of listeners) guarded('the end of an answer', () => listener.call(response) as unknown);
    Reflect.deleteProperty(channel, 'publish');
  });
}

function publishGuarded(this: Channel, message: unknown): void {
  for (const subscriber of this._subscribers ?? []) {
    guarded(`a subscriber of ${this.name}`, () => subscriber(message, this.name));
  }
}
