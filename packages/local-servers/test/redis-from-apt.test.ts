import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../src';
import { elsewhere, ordinaryUser, readableClone, resultElsewhere } from './support/other-process';
import { pathWithout, scratch } from './support/scratch';
import { REDIS, STORED, type Stored } from './support/stored';

/** An environment with apt, but with no Redis on PATH or in the cache, and no Docker. */
function bare(): { PATH: string; EARNTRACK_CACHE: string; TMPDIR: string } {
  return { PATH: pathWithout(...REDIS, 'docker'), EARNTRACK_CACHE: scratch(), TMPDIR: scratch() };
}

// Where there is no apt, the test "is told the remedy" of redis.test.ts says what happens.
if (fs.existsSync('/usr/bin/apt-get')) {
  describe('Redis out of the packages of Debian and Ubuntu', function () {
    this.timeout(300_000);

    it('is downloaded by an ordinary user once, and found in the cache from then on', async () => {
      const options = { env: { ...bare(), HOME: '/nonexistent' }, user: ordinaryUser, from: readableClone() };
      const first = await resultElsewhere<Stored>(STORED, options);
      const second = await resultElsewhere<Stored>(STORED, options);
      const { env } = options;
      assert.deepEqual(first.said, [`downloading redis-server with apt into ${env.EARNTRACK_CACHE}`]);
      assert.deepEqual(second.said, []);
      assert.deepEqual([first.value, second.value], ['stored', 'stored']);
      assert.equal(fs.readdirSync(env.EARNTRACK_CACHE).length, 1);
      assert.deepEqual(fs.readdirSync(env.TMPDIR), []);
    });

    it('is downloaded by two processes at once without one harming the other', async () => {
      const env = bare();
      const both = await Promise.all([resultElsewhere<Stored>(STORED, { env }), resultElsewhere<Stored>(STORED, { env })]);
      assert.deepEqual(
        both.map(({ value }) => value),
        ['stored', 'stored'],
      );
      assert.equal(fs.readdirSync(env.EARNTRACK_CACHE).length, 1);
    });

    it('replaces an earlier download that does not run, and changes nothing of the system', async () => {
      const env = bare();
      await resultElsewhere<Stored>(STORED, { env });
      const [entry] = fs.readdirSync(env.EARNTRACK_CACHE);
      fs.rmSync(path.join(env.EARNTRACK_CACHE, entry!, 'root'), { recursive: true });
      const earlier = aptState();
      const { value } = await resultElsewhere<Stored>(STORED, { env });
      assert.equal(value, 'stored');
      assert.equal(aptState(), earlier);
    });

    it('heeds the settings that apt has, but runs no hooks: those of Docker images delete in /var/cache/apt', async () => {
      const folder = scratch();
      const APT_CONFIG = path.join(folder, 'apt.conf');
      const hook = `APT::Update::Pre-Invoke { "touch ${folder}/hook"; };`;
      fs.writeFileSync(APT_CONFIG, `${hook}\nAcquire::http::Proxy "http://127.0.0.1:${await freePort()}";\n`);
      const { stderr } = await elsewhere(`await servers.startRedis();`, { env: { ...bare(), APT_CONFIG } }).ended;
      assert.match(stderr, /through apt \(W: Failed to fetch/);
      assert.deepEqual(fs.readdirSync(folder), ['apt.conf']);
    });

    it('that cannot be downloaded leaves the remedy, with what apt said, and nothing in the cache', async () => {
      const env = { ...bare(), http_proxy: `http://127.0.0.1:${await freePort()}` };
      const { ended } = elsewhere(`await servers.startRedis();`, { env });
      const { code, stderr } = await ended;
      assert.equal(code, 1);
      assert.match(stderr, /ServerUnavailable: no Redis: .*through apt \(W: Failed to fetch .*\), .*Remedy: /);
      assert.deepEqual(fs.readdirSync(env.EARNTRACK_CACHE), []);
    });
  });
}

/** Whatever apt and dpkg keep in the system, with the times of the last change, as far as this user may see it. */
function aptState(): string {
  const folders = ['/var/lib/apt', '/var/cache/apt', '/var/lib/dpkg'];
  return spawnSync('ls', ['-lAR', '--time-style=full-iso', ...folders], { encoding: 'utf8' }).stdout;
}
