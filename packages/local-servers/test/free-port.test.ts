import assert from 'node:assert/strict';
import net from 'node:net';
import { once } from 'node:events';
import { freePort } from '../src';

describe('a free port', () => {
  it('can be listened on', async () => {
    const server = net.createServer().listen(await freePort(), '127.0.0.1');
    await once(server, 'listening');
    assert.ok(server.listening);
    server.close();
  });
});
