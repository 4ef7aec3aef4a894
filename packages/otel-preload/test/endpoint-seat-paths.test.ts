import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeStale, seatPaths } from '../src/endpoint/seat-paths';

describe('The seat of a port', () => {
  const { TMPDIR } = process.env;
  let temporary: string;
  let folder: string;
  beforeEach(() => {
    temporary = fs.mkdtempSync(path.join(os.tmpdir(), 's-'));
    folder = path.join(temporary, `otel-preload-ports-${process.geteuid!()}`);
    process.env['TMPDIR'] = temporary;
  });
  afterEach(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    fs.rmSync(temporary, { recursive: true });
  });
  const inTemporary = (): string[] => seatPaths(3000).filter((socket) => socket.startsWith(temporary));

  it('is in a folder that is made for its user alone', () => {
    const [socket] = inTemporary();
    assert.equal(path.dirname(socket!), folder);
    assert.equal(fs.statSync(folder).mode & 0o777, 0o700);
  });

  const foreign: Readonly<Record<string, () => void>> = {
    'a folder that others may enter': () => {
      fs.mkdirSync(folder);
      fs.chmodSync(folder, 0o710);
    },
    'a link to a private folder': () => {
      fs.mkdirSync(path.join(temporary, 'elsewhere'), { mode: 0o700 });
      fs.symlinkSync(path.join(temporary, 'elsewhere'), folder);
    },
    'a file': () => fs.writeFileSync(folder, ''),
    'a path that would be cut': () => {
      process.env['TMPDIR'] = path.join(temporary, 'x'.repeat(100));
      fs.mkdirSync(process.env['TMPDIR']);
    },
  };
  for (const [what, make] of Object.entries(foreign)) {
    it(`is not at ${what}`, () => {
      make();
      assert.deepEqual(inTemporary(), []);
    });
  }

  it('left by a killed process is removed; a new one, and one that is listened on, is not', async () => {
    const [mine] = inTemporary();
    const at = (name: string): string => path.join(folder, name);
    const server = net.createServer().listen(at('live'));
    await once(server, 'listening');
    // A socket that nobody listens on any more.
    const dead = net.createServer().listen(at('closing'));
    await once(dead, 'listening');
    for (const name of ['dead', 'new']) fs.linkSync(at('closing'), at(name));
    dead.close();
    fs.rmSync(at('new'));
    const old = new Date(Date.now() - 3_600_000);
    for (const name of ['live', 'dead']) fs.utimesSync(at(name), old, old);
    fs.writeFileSync(at('new'), '');
    removeStale(mine!);
    while (fs.existsSync(at('dead'))) await sleep(10);
    assert.deepEqual(fs.readdirSync(folder).toSorted(), ['live', 'new']);
    server.close();
  });
});
