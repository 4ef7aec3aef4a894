// `otel-preload doctor` asks a real Prometheus that wants a nasty password, and each way of not getting through is one line with its remedy.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '@earntrack/local-servers';
import { root } from '../support/app';
import { certificates } from '../support/certificates';
import { CREDENTIALS, startReceiver, type Receiver } from '../support/remote-write-receiver';

/** What npm links: it is there before the bundle is. */
const CLI = path.join(root, 'packages/otel-preload/cli.js');
const URL_NAME = 'PROMETHEUS_REMOTE_WRITE_URL';
const OTLP = 'OTEL_EXPORTER_OTLP_ENDPOINT';

interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('otel-preload doctor', () => {
  let folder: string;
  let receiver: Receiver;
  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'doctor-'));
    receiver = await startReceiver();
  });
  after(async () => {
    await receiver?.stop();
    fs.rmSync(folder, { recursive: true });
  });

  function ask(variables: Readonly<Record<string, string>>, lines = 1): Promise<Answer> {
    const env = { PATH: process.env['PATH'], ...variables };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, 'doctor'], { cwd: folder, env }, (error, stdout, stderr) => {
        const answer = { code: Number(error?.code ?? 0), stdout, stderr };
        assert.ok(!`${stdout}${stderr}`.includes(CREDENTIALS.password.slice(0, 8)));
        assert.equal(`${stdout}${stderr}`.split('\n').length - 1, lines);
        resolve(answer);
      });
    });
  }

  function remote(url: string, password: string = CREDENTIALS.password): Promise<Answer> {
    const file = path.join(folder, 'password');
    fs.writeFileSync(file, `${password}\n`);
    return ask({ [URL_NAME]: url, PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username, PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: file });
  }

  /** What it says of a receiver that answers everything so. */
  async function answered(status: number, name = URL_NAME): Promise<Answer> {
    const server = http.createServer((_, response) => response.writeHead(status, { location: 'https://example.com/' }).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const answer = await ask({ [name]: name === OTLP ? base : `${base}/api/v1/write` });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return answer;
  }

  it('is content with the right password, and has written nothing', async () => {
    const { code, stdout } = await remote(receiver.writeUrl);
    assert.equal(code, 0);
    assert.match(stdout, /127\.0\.0\.1:\d+ takes writes from this user/);
    assert.deepEqual(await receiver.query('{__name__!=""}'), []);
  });

  it('takes the password from the environment as well, and says if the collector would read another one there', async () => {
    const variables = { PROMETHEUS_REMOTE_WRITE_USERNAME: CREDENTIALS.username, PROMETHEUS_REMOTE_WRITE_PASSWORD: CREDENTIALS.password };
    const { code, stdout } = await ask({ [URL_NAME]: receiver.writeUrl, ...variables }, 2);
    assert.equal(code, 0);
    assert.match(stdout, /takes writes from this user\n\S+_PASSWORD holds \$\$ or \$\{…\}, which the collector would expand: .*_PASSWORD_FILE\n$/);
  });

  it('says that a password is wrong, or that there must be one', async () => {
    const wrong = await remote(receiver.writeUrl, 'wrong');
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /_USERNAME or \S+_PASSWORD is wrong: 127\.0\.0\.1:\d+ answers 401: set both/);
    const none = await ask({ [URL_NAME]: receiver.writeUrl });
    assert.equal(none.code, 1);
    assert.match(none.stderr, /asks for basic auth \(401\): set \S+_USERNAME and/);
  });

  it('says that the path is wrong', async () => {
    const { code, stderr } = await remote(receiver.writeUrl.replace('/write', '/wriet'));
    assert.equal(code, 1);
    assert.match(stderr, /takes no writes at \/api\/v1\/wriet \(404\): check the path/);
  });

  it('says so of a host that there is not', async () => {
    const { code, stderr } = await remote('http://no-such-host.invalid.internal/api/v1/write');
    assert.ok(code === 1 || code === 3, stderr);
    assert.match(stderr, /no-such-host\.invalid\.internal/);
  });

  it('tells a receiver that is away, or not well, from a wrong setting', async () => {
    const away = await remote(`http://127.0.0.1:${await freePort()}/api/v1/write`);
    assert.equal(away.code, 3);
    assert.match(away.stderr, /is not reached \(ECONNREFUSED\): check that it runs/);
    for (const status of [429, 503]) assert.equal((await answered(status)).code, 3);
  });

  it('says in one line what else can be answered', async () => {
    assert.match((await answered(403)).stderr, /may not write to \S+ \(403\)/);
    assert.match((await answered(308)).stderr, /sends to another address \(308\)/);
    // A receiver that lets it in, and calls an empty request a bad one.
    assert.equal((await answered(400)).code, 0);
  });

  it('says that TLS is not spoken there', async () => {
    const plain = net.createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { code, stderr } = await remote(`https://127.0.0.1:${(plain.address() as AddressInfo).port}/api/v1/write`);
    plain.close();
    assert.equal(code, 1);
    assert.match(stderr, /does not speak TLS \(\w+\): write http:\/\//);
  });

  it('says what is wrong with the variables before it asks anybody', async () => {
    const { code, stderr } = await ask({ [URL_NAME]: 'ftp://x' });
    assert.equal(code, 1);
    assert.match(stderr, /_URL is not an http or https address/);
    const unread = await ask({ [URL_NAME]: receiver.writeUrl, PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE: path.join(folder, 'none') });
    assert.match(unread.stderr, /_PASSWORD_FILE cannot be read \(ENOENT\): name a file/);
    assert.match((await ask({})).stderr, /^Neither \S+_URL nor OTEL_EXPORTER_OTLP_ENDPOINT is in use: /);
  });

  it('asks the collector that the app pushes to', async () => {
    assert.match((await answered(200, OTLP)).stdout, /takes metrics/);
    assert.match((await answered(404, OTLP)).stderr, /takes no OTLP at \/v1\/metrics \(404\): .*4318/);
    assert.match((await answered(401, OTLP)).stderr, /refuses this sender \(401\): check OTEL_EXPORTER_OTLP_HEADERS/);
    const misread = await ask({ [OTLP]: 'user:s3cret@collector:4318' });
    assert.equal(misread.code, 1);
    assert.match(misread.stderr, /^OTEL_EXPORTER_OTLP_ENDPOINT="…@collector:4318" is not an http or https address/);
    assert.match((await ask({ [OTLP]: `http://127.0.0.1:${await freePort()}` })).stderr, /is not reached \(ECONNREFUSED\)/);
  });

  it('reads the settings of the push as the app does: certificates, headers, and what switches it off', async () => {
    const { ca, server, serverKey } = certificates();
    const seen: http.IncomingHttpHeaders[] = [];
    const collector = https.createServer({ key: fs.readFileSync(serverKey), cert: fs.readFileSync(server) }, ({ headers }, response) => {
      seen.push(headers);
      response.end();
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    try {
      const variables = {
        [OTLP]: `https://127.0.0.1:${(collector.address() as AddressInfo).port}`,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
        OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'X-Tenant=c',
      };
      assert.match((await ask(variables)).stderr, /is not trusted \(\w+\): name a file with its authority's in OTEL_EXPORTER_OTLP_CERTIFICATE/);
      assert.equal((await ask({ ...variables, OTEL_EXPORTER_OTLP_CERTIFICATE: ca })).code, 0);
      assert.deepEqual(
        seen.map((headers) => headers['x-tenant']),
        ['c'],
      );
      assert.match((await ask({ ...variables, OTEL_METRICS_EXPORTER: 'none' })).stderr, /^Neither /);
    } finally {
      collector.closeAllConnections();
      await new Promise((resolve) => collector.close(resolve));
    }
  });
});
