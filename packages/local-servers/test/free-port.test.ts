import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { freePort } from '../src';
import { onFreePort } from '../src/free-port';

async function listenOn(port: number): Promise<net.Server> {
  const server = net.createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('a free port', () => {
  it('can be listened on, and is none that the system gives away by itself', async () => {
    const port = await freePort();
    (await listenOn(port)).close();
    assert.ok(port >= 1024 && port < 32_768, `${port}`);
  });

  it('that somebody takes in between is given up for another one', async () => {
    const servers: net.Server[] = [];
    const got = await onFreePort(async (port) => {
      if (servers.length === 0) servers.push(await listenOn(port));
      servers.push(await listenOn(port));
      return port;
    });
    assert.equal((servers.at(-1)!.address() as net.AddressInfo).port, got);
    for (const server of servers) server.close();
  });

  it('is not tried again for an error of another kind', async () => {
    let calls = 0;
    const failing = onFreePort(() => {
      calls += 1;
      return Promise.reject(new Error('no such database'));
    });
    await assert.rejects(failing, /no such database/);
    assert.equal(calls, 1);
  });
});
