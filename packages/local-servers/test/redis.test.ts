import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import Redis from 'ioredis';
import { freePort, startRedis, type Redis as OwnRedis } from '../src';
import { debianProgram } from '../src/debian-packages';
import { resultElsewhere } from './support/other-process';
import { listens, pathWithout, scratch } from './support/scratch';
import { REDIS, STORED, type Stored } from './support/stored';

const clients: Redis[] = [];

/** A client that is gone after its test, also if that has failed. */
function clientOf(url: string): Redis {
  const client = new Redis(url);
  client.on('error', () => {});
  clients.push(client);
  return client;
}

afterEach(() => {
  for (const client of clients.splice(0)) client.disconnect();
});

describe('Redis of our own', () => {
  let redis: OwnRedis;

  before(async () => {
    redis = await startRedis({ fresh: true, say: console.log });
  });

  after(() => redis.stop());

  it('stores values, and starts empty', async () => {
    const client = clientOf(redis.url);
    assert.equal(await client.dbsize(), 0);
    await client.set('user:1', 'Ada');
    assert.equal(await client.get('user:1'), 'Ada');
  });

  it('refuses whoever does not know the password', async () => {
    const client = clientOf(`redis://${new URL(redis.url).host}`);
    await assert.rejects(client.get('user:1'), /NOAUTH/);
  });

  it('is gone with its folder when it is stopped', async () => {
    const TMPDIR = scratch();
    const { value, url } = await resultElsewhere<Stored>(STORED, { env: { TMPDIR } });
    assert.equal(value, 'stored');
    assert.equal(await listens(url), false);
    assert.deepEqual(fs.readdirSync(TMPDIR), []);
  });

  it('is another one than REDIS_URL names when a fresh one is wanted', async () => {
    const script = `const own = await servers.startRedis({ fresh: true }); await own.stop(); tell(own.url);`;
    assert.notEqual(await resultElsewhere(script, { env: { REDIS_URL: redis.url } }), redis.url);
  });
});

describe('the Redis that REDIS_URL names', () => {
  it('is used, and neither stopped nor flushed', async () => {
    const theirs = await startRedis({ fresh: true });
    const client = clientOf(theirs.url);
    await client.set('kept', '1');
    const script = `const { url, owned, stop } = await servers.startRedis(); await stop(); tell({ url, owned });`;
    const used = await resultElsewhere(script, { env: { REDIS_URL: theirs.url } });
    assert.deepEqual(used, { url: theirs.url, owned: false });
    assert.equal(await client.get('kept'), '1');
    await theirs.stop();
  });

  it('is said to be down in one line, and none of our own stands in', async () => {
    const port = await freePort();
    const script = `await servers.startRedis().catch(({ name, message }) => tell({ name, message }));`;
    const { name, message } = await resultElsewhere<Error>(script, { env: { REDIS_URL: `redis://:secret@127.0.0.1:${port}` } });
    assert.equal(name, 'ServerUnavailable');
    assert.equal(message, `REDIS_URL is set, but nothing answers at 127.0.0.1:${port}; start it, or unset it`);
  });
});

describe('a machine without Redis', () => {
  it('is told the remedy in one line, if it has neither apt nor Docker', async () => {
    const PATH = pathWithout(...REDIS, 'apt-get', 'docker');
    const script = `await servers.startRedis().catch(({ name, message }) => tell({ name, message }));`;
    const { name, message } = await resultElsewhere<Error>(script, { env: { PATH, EARNTRACK_CACHE: scratch() } });
    assert.equal(name, 'ServerUnavailable');
    assert.match(message, /^no Redis: .*Remedy: .*install.* or set REDIS_URL$/);
  });

  it('runs it in Docker, if an engine answers', async () => {
    const bin = pathWithout(...REDIS, 'apt-get', 'docker');
    // An engine's part, played by a script: it maps the port and runs the image's program, here the one that this machine has.
    const program = (await debianProgram('redis-server', 'redis-server', console.log)) ?? 'redis-server';
    const docker = `#!/bin/sh
case "$1 $2" in
  'info --format') echo 28.0.0 ;;
  'image inspect') exit 1 ;;
  'pull --quiet') echo pulled >> '${bin}/docker.log' ;;
  'run --rm') sed "s/^bind .*/bind 127.0.0.1/; s/^port .*/port $(echo "$5" | cut -d: -f2)/" > conf; exec '${program}' conf ;;
esac`;
    fs.writeFileSync(path.join(bin, 'docker'), docker, { mode: 0o755 });
    const { value, said } = await resultElsewhere<Stored>(STORED, { env: { PATH: bin } });
    assert.equal(value, 'stored');
    assert.match(said.join(), /^pulling redis:\S+ with Docker$/);
    assert.equal(fs.readFileSync(path.join(bin, 'docker.log'), 'utf8'), 'pulled\n');
  });
});
