// Node.js publishes the end of each answer on a diagnostics channel, including the preload's answers. A subscriber of the app's may expect only
// the app's own answers, and throw.

import diagnostics from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import { guarded } from '../log';

interface Channel {
  readonly hasSubscribers: boolean;
  readonly name: string;
  readonly _subscribers?: readonly ((message: unknown, name: string) => void)[];
  publish(message: unknown): void;
}

/** Node.js publishes in its own `finish` listener, and would turn an exception of a subscriber into an uncaught exception. */
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
