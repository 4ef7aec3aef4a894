import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fallback } from '../src/endpoint/fallback';
import { Seat } from '../src/endpoint/handover';

describe('The server of ours', () => {
  it('opens on a port that a stranger had, once that one has gone for good', async () => {
    const stranger = net.createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as net.AddressInfo;
    const tried: net.Server[] = [];
    const surroundings = {
      answer: () => {},
      wanted: () => true,
      isApp: () => true,
      isStarting: () => false,
      listen: (server: net.Server, options: net.ListenOptions) => void (tried.push(server), server.listen(options)),
    };
    const fallback = new Fallback({ port, host: '127.0.0.1' }, new Seat(port), surroundings, 20);
    fallback.openLater(1);
    while (tried.length < 4) await sleep(10);
    assert.ok(tried.every(({ listening }) => !listening));
    stranger.close();
    while (!tried.at(-1)!.listening || tried.at(-2)!.listening) await sleep(5);
    await sleep(100);
    assert.equal(fallback.giveUp(), true);
    fallback.openLater(600_000);
  });
});
