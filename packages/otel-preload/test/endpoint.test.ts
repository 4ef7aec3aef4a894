import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { createEndpoint, type EndpointConfig } from '../src/endpoint';
import { scrapeSender, wantsGzip } from '../src/endpoint/send-scrape';
import type { Request, Response } from '../src/endpoint/exchange';
import type { Scrape } from '../src/exposition/scrape';

const DEFAULTS: EndpointConfig = {
  path: '/metrics',
  port: undefined,
  portOfExporter: false,
  appPort: undefined,
  host: undefined,
  token: undefined,
  answerPublic: false,
  live: false,
  production: false,
};

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const canned: Scrape = async (accept) => ({
  contentType: accept?.includes('openmetrics') ? 'application/openmetrics-text' : CONTENT_TYPE,
  chunks: text(),
});

async function* text(): AsyncGenerator<string> {
  yield 'up 1\n';
  yield 'ö 2\n';
}

// A pre-shared key in place of a certificate, so that no private key lies in the repository.
const PSK = Buffer.alloc(32, 1);
const ciphers = 'TLS_AES_128_GCM_SHA256';
const secure = { ciphers, pskCallback: () => PSK as never };
const trusting = { ciphers, pskCallback: () => ({ identity: 'test', psk: PSK }), checkServerIdentity: () => undefined };

const open: net.Server[] = [];

type App = (request: Request, response: Response) => void;
const app: App = (_request, response) => void (response as http.ServerResponse).end('the app');

/** Puts an endpoint before an app on a real server, as the hook does. */
function serve(create: (app: App) => net.Server, config: Partial<EndpointConfig> = {}, scrape: Scrape = canned): net.Server {
  const endpoint = createEndpoint({ config: { ...DEFAULTS, ...config }, scrape, loaded: new Set() });
  return join(endpoint, create);
}

function join(endpoint: ReturnType<typeof createEndpoint>, create: (app: App) => net.Server, handler: App = app): net.Server {
  const server = create((request, response) => {
    if (!endpoint.answers(server, request, response)) handler(request, response);
  });
  server.on('listening', () => endpoint.listening(server));
  open.push(server);
  return server.listen(0);
}

const plain = (handler: App): http.Server => http.createServer(handler);

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

async function get(server: net.Server, target: string, options: http.RequestOptions = {}): Promise<Answer> {
  if (!server.listening) await once(server, 'listening');
  const address = server.address();
  const where = typeof address === 'string' ? { socketPath: address } : { port: address!.port, host: '127.0.0.1' };
  const module = server instanceof https.Server ? https : http;
  const request = module.request({ ...where, ...(server instanceof https.Server && trusting), path: target, agent: false, ...options });
  const [response] = (await once(request.end(), 'response')) as [http.IncomingMessage];
  // A connection that is cut is an error of the request as well as of the response, which is read below.
  request.on('error', () => {});
  const parts = (await response.toArray()) as Buffer[];
  const body = Buffer.concat(parts);
  return {
    status: response.statusCode!,
    headers: response.headers,
    body: (response.headers['content-encoding'] === 'gzip' && body.length > 0 ? gunzipSync(body) : body).toString(),
  };
}

async function getOverHttp2(server: net.Server, headers: http2.OutgoingHttpHeaders): Promise<{ headers: http2.IncomingHttpHeaders; body: string }> {
  if (!server.listening) await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  const secured = 'setSecureContext' in server;
  const session = http2.connect(`${secured ? 'https' : 'http'}://127.0.0.1:${port}`, secured ? trusting : {});
  try {
    const stream = session.request({ ':path': '/metrics', ...headers });
    const [answer] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
    return { headers: answer, body: Buffer.concat(await stream.toArray()).toString() };
  } finally {
    session.close();
  }
}

describe('The endpoint', () => {
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.close();
      if ('closeAllConnections' in server) (server as http.Server).closeAllConnections();
    }
  });

  describe('on the server of the app', () => {
    it('answers GET with the text, its content type, and nothing to be stored', async () => {
      const { status, headers, body } = await get(serve(plain), '/metrics');
      assert.equal(status, 200);
      assert.equal(body, 'up 1\nö 2\n');
      assert.equal(headers['content-type'], CONTENT_TYPE);
      assert.equal(headers['cache-control'], 'no-store');
      assert.equal(headers['content-encoding'], undefined);
    });
    it('answers with a query too', async () => assert.equal((await get(serve(plain), '/metrics?debug=1')).body, 'up 1\nö 2\n'));
    it('answers HEAD with the same head and no body', async () => {
      const { status, headers, body } = await get(serve(plain), '/metrics', { method: 'HEAD' });
      assert.equal(status, 200);
      assert.equal(headers['content-type'], CONTENT_TYPE);
      assert.equal(body, '');
    });
    for (const target of ['/', '/metricsfoo', '/metrics/', '/Metrics', '/x/metrics', '//metrics', '/?/metrics']) {
      it(`leaves ${target} to the app`, async () => assert.equal((await get(serve(plain), target)).body, 'the app'));
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      it(`leaves ${method} to the app`, async () => assert.equal((await get(serve(plain), '/metrics', { method })).body, 'the app'));
    }
    it('answers at METRICS_PATH alone', async () => {
      const server = serve(plain, { path: '/internal/stats' });
      assert.equal((await get(server, '/internal/stats')).body, 'up 1\nö 2\n');
      assert.equal((await get(server, '/metrics')).body, 'the app');
    });
    it('hands on what the scraper accepts', async () => {
      const { headers } = await get(serve(plain), '/metrics', { headers: { accept: 'application/openmetrics-text;version=1.0.0' } });
      assert.equal(headers['content-type'], 'application/openmetrics-text');
    });
    it('compresses where gzip is accepted', async () => {
      const { headers, body } = await get(serve(plain), '/metrics', { headers: { 'accept-encoding': 'deflate, gzip;q=0.5' } });
      assert.equal(headers['content-encoding'], 'gzip');
      assert.equal(body, 'up 1\nö 2\n');
    });
    it('answers over https', async () => {
      assert.equal(
        (
          await get(
            serve((handler) => https.createServer(secure as never, handler)),
            '/metrics',
          )
        ).body,
        'up 1\nö 2\n',
      );
    });
    it('answers over a Unix socket, also in production', async () => {
      const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'endpoint-')), 's');
      const endpoint = createEndpoint({ config: { ...DEFAULTS, production: true }, scrape: canned, loaded: new Set() });
      const server = join(endpoint, (handler) => {
        const created = http.createServer(handler);
        created.listen = (() => net.Server.prototype.listen.call(created, file)) as never;
        return created;
      });
      assert.equal((await get(server, '/metrics')).body, 'up 1\nö 2\n');
    });
    for (const [name, create] of [
      ['h2c', (handler: App) => http2.createServer(handler)],
      ['h2', (handler: App) => http2.createSecureServer(secure as never, handler)],
    ] as const) {
      it(`answers over ${name}, compressed and not, GET and HEAD, and refuses there`, async () => {
        const server = serve(create, { token: 't' });
        const authorization = 'Bearer t';
        assert.equal((await getOverHttp2(server, { authorization })).body, 'up 1\nö 2\n');
        const head = await getOverHttp2(server, { authorization, ':method': 'HEAD' });
        assert.equal(head.headers['content-type'], CONTENT_TYPE);
        const zipped = await getOverHttp2(server, { authorization, 'accept-encoding': 'gzip' });
        assert.equal(zipped.headers['content-encoding'], 'gzip');
        const refused = await getOverHttp2(server, {});
        assert.equal(refused.headers[':status'], 401);
        assert.match(String(refused.headers['www-authenticate']), /Basic.*Bearer/);
        assert.equal((await getOverHttp2(server, { ':path': '/' })).body, 'the app');
      });
    }
  });

  describe('refuses', () => {
    it('with 401 and both challenges who brings no token', async () => {
      const { status, headers, body } = await get(serve(plain, { token: 't' }), '/metrics');
      assert.equal(status, 401);
      assert.equal(headers['www-authenticate'], 'Basic realm="metrics", charset="UTF-8", Bearer realm="metrics"');
      assert.doesNotMatch(body, /up 1/);
    });
    it('with 403 and the remedy who comes through a proxy in production', async () => {
      const server = serve(plain, { production: true });
      assert.equal((await get(server, '/metrics')).status, 200);
      const { status, body } = await get(server, '/metrics', { headers: { 'x-forwarded-for': '8.8.8.8' } });
      assert.equal(status, 403);
      assert.match(body, /METRICS_AUTH_TOKEN.*METRICS_PUBLIC=true/);
    });
    it('before it collects', async () => {
      let collected = false;
      const server = serve(plain, { token: 't' }, (accept) => ((collected = true), canned(accept)));
      await get(server, '/metrics');
      assert.equal(collected, false);
    });
  });

  describe('where METRICS_PORT is unset', () => {
    it('is on the first server that listens, and on the next one when that has closed', async () => {
      const endpoint = createEndpoint({ config: DEFAULTS, scrape: canned, loaded: new Set() });
      const first = join(endpoint, plain);
      await once(first, 'listening');
      const second = join(endpoint, plain);
      assert.equal((await get(second, '/metrics')).body, 'the app');
      assert.equal((await get(first, '/metrics')).body, 'up 1\nö 2\n');
      await new Promise((resolve) => first.close(resolve));
      assert.equal((await get(second, '/metrics')).body, 'up 1\nö 2\n');
    });
    it('is on both servers that share the first port, as frameworks open them for localhost', async () => {
      const endpoint = createEndpoint({ config: DEFAULTS, scrape: canned, loaded: new Set() });
      const v4 = join(endpoint, (handler) => {
        const server = http.createServer(handler);
        server.listen = (() => net.Server.prototype.listen.call(server, { port: 0, host: '127.0.0.1' })) as never;
        return server;
      });
      await once(v4, 'listening');
      const { port } = v4.address() as net.AddressInfo;
      const v6 = join(endpoint, (handler) => {
        const server = http.createServer(handler);
        server.listen = (() => net.Server.prototype.listen.call(server, { port, host: '::1' })) as never;
        return server;
      });
      await once(v6, 'listening');
      assert.equal((await get(v4, '/metrics')).body, 'up 1\nö 2\n');
      assert.equal((await get(v6, '/metrics', { host: '::1' })).body, 'up 1\nö 2\n');
    });
    it('is on a server that only is handed its connections', async () => {
      const endpoint = createEndpoint({ config: DEFAULTS, scrape: canned, loaded: new Set() });
      const behind: http.Server = http.createServer((request, response) => {
        if (!endpoint.answers(behind, request, response)) app(request, response);
      });
      const front = net.createServer((socket) => behind.emit('connection', socket)).listen(0);
      open.push(front);
      assert.equal((await get(front, '/metrics')).body, 'up 1\nö 2\n');
    });
  });

  describe('a scrape', () => {
    it('that cannot be collected is a 503 of one line', async () => {
      const { status, headers, body } = await get(
        serve(plain, {}, () => Promise.reject(new Error('no reader'))),
        '/metrics',
      );
      assert.equal(status, 503);
      assert.equal(headers['content-type'], 'text/plain; charset=utf-8');
      assert.equal(body, 'The metrics could not be collected: Error: no reader\n');
    });

    for (const [how, headers] of Object.entries({ plain: {}, compressed: { 'accept-encoding': 'gzip' } })) {
      it(`that fails half way is cut, so that nobody takes it for the whole (${how})`, async () => {
        let clientErrors = 0;
        const server = serve(plain, {}, async () => ({ contentType: CONTENT_TYPE, chunks: failing() }));
        server.on('clientError', () => (clientErrors += 1));
        await assert.rejects(get(server, '/metrics', { headers }), { code: 'ECONNRESET' });
        assert.equal(clientErrors, 0, "nothing of it is the app's business");
      });
    }
    it('that fails half way is cut over HTTP/2', async () => {
      const server = serve(
        (handler) => http2.createServer(handler),
        {},
        async () => ({ contentType: CONTENT_TYPE, chunks: failing() }),
      );
      await assert.rejects(getOverHttp2(server, {}), /NGHTTP2_INTERNAL_ERROR/);
    });
    it('that fails half way is cut over HTTP/1.0, where only the end of the connection ends the body', async () => {
      const server = serve(plain, {}, async () => ({ contentType: CONTENT_TYPE, chunks: failing() }));
      await once(server, 'listening');
      const socket = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1');
      socket.write('GET /metrics HTTP/1.0\r\n\r\n');
      await assert.rejects(socket.resume().toArray(), { code: 'ECONNRESET' });
    });

    for (const [how, headers] of Object.entries({ plain: {}, compressed: { 'accept-encoding': 'gzip' } })) {
      it(`is rendered no further than the client takes it, and stops when the client leaves (${how})`, async () => {
        let rendered = 0;
        let stopped!: () => void;
        const end = new Promise<void>((resolve) => (stopped = resolve));
        const endless = async function* (): AsyncGenerator<string> {
          try {
            for (;;) {
              rendered += 1;
              yield Array.from({ length: 10_000 }, () => Math.random()).join('\n');
            }
          } finally {
            stopped();
          }
        };
        const server = serve(plain, {}, async () => ({ contentType: CONTENT_TYPE, chunks: endless() }));
        await once(server, 'listening');
        const { port } = server.address() as net.AddressInfo;
        const request = http.get({ port, path: '/metrics', headers, agent: false });
        const [response] = (await once(request, 'response')) as [http.IncomingMessage];
        response.pause();
        await settled(() => rendered);
        assert.ok(rendered < 200, `${rendered} chunks rendered for a client that reads nothing`);
        request.destroy();
        await end;
      });
    }
    it('is forgotten as it is sent: of a long text no more is held than a few chunks', async () => {
      v8.setFlagsFromString('--expose-gc');
      const collect = vm.runInNewContext('gc') as () => void;
      const held: number[] = [];
      const hold = (): void => {
        collect();
        held.push(process.memoryUsage().heapUsed);
      };
      const long = async function* (): AsyncGenerator<string> {
        hold();
        for (let chunk = 0; chunk < 200; chunk += 1) yield `${chunk} `.repeat(50_000);
        hold();
      };
      const server = serve(plain, {}, async () => ({ contentType: CONTENT_TYPE, chunks: long() }));
      await once(server, 'listening');
      const { port } = server.address() as net.AddressInfo;
      const [response] = (await once(http.get({ port, path: '/metrics', agent: false }), 'response')) as [http.IncomingMessage];
      await once(response.resume(), 'end');
      const [before, after] = held as [number, number];
      assert.ok(after - before < 5_000_000, `of 40 MB ${after - before} bytes are held`);
    });
    it('stops at the deadline: with 503 while nothing was sent, else cut', async () => {
      const never = new Promise<never>(() => {});
      const stuck: Scrape = () => never;
      const half: Scrape = async () => ({
        contentType: CONTENT_TYPE,
        chunks: (async function* () {
          yield 'up 1\n';
          await never;
        })(),
      });
      for (const [scrape, expected] of [
        [stuck, '503'],
        [half, 'ECONNRESET'],
      ] as const) {
        const send = scrapeSender(scrape, 50);
        const server = http.createServer((request, response) => void send(request, response)).listen(0);
        open.push(server);
        const outcome = await get(server, '/metrics').then(
          ({ status }) => String(status),
          (error: NodeJS.ErrnoException) => error.code,
        );
        assert.equal(outcome, expected);
      }
    });
    it('leaves the connection fit for the next one', async () => {
      const server = serve(plain);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const connections = new Set<net.Socket>();
      server.on('connection', (socket: net.Socket) => connections.add(socket));
      for (let i = 0; i < 2; i += 1) assert.equal((await get(server, '/metrics', { agent })).status, 200);
      assert.equal((await get(server, '/', { agent })).body, 'the app');
      assert.equal(connections.size, 1);
      agent.destroy();
    });
  });

  describe('a crowd of scrapes', () => {
    const HEAD = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';
    /** Connections that each ask for the metrics, and read as they are told. */
    async function crowd(server: net.Server, size: number): Promise<net.Socket[]> {
      if (!server.listening) await once(server, 'listening');
      const { port } = server.address() as net.AddressInfo;
      return Array.from({ length: size }, () => {
        const socket = net.connect(port, '127.0.0.1').on('error', () => {});
        socket.write(HEAD);
        return socket;
      });
    }
    const statusOf = async (socket: net.Socket): Promise<string> => String((await once(socket, 'data'))[0]).slice(9, 12);

    it('is served from one collection and one text where it came before that began', async () => {
      let [collected, rendered] = [0, 0];
      let allAsk!: () => void;
      const asked = new Promise<void>((resolve) => (allAsk = resolve));
      const server = serve(plain, {}, async () => {
        collected += 1;
        await asked;
        return { contentType: CONTENT_TYPE, chunks: rendering(() => (rendered += 1)) };
      });
      const sockets = await crowd(server, 10);
      const statuses = Promise.all(sockets.map(statusOf));
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      setTimeout(allAsk, 200);
      assert.deepEqual(new Set(await statuses), new Set(['200']));
      assert.ok(collected <= 2 && rendered === collected, `${collected} collections, ${rendered} texts for 10 scrapes`);
    });
    it('is never told of a time before it asked', async () => {
      let [collected, open] = [0, (): void => {}];
      const begun = new Promise<void>((resolve) => (open = resolve));
      const server = serve(plain, {}, async () => {
        const number = (collected += 1);
        if (number === 1) open();
        await new Promise((resolve) => setTimeout(resolve, 50));
        return { contentType: CONTENT_TYPE, chunks: only(`collection ${number}\n`) };
      });
      const first = get(server, '/metrics');
      await begun;
      assert.equal((await get(server, '/metrics')).body, 'collection 2\n');
      assert.equal((await first).body, 'collection 1\n');
    });
    it('has 16 places, 64 wait for one, and the rest is asked to come again', async () => {
      const server = serve(plain, {}, () => new Promise<never>(() => {}));
      const sockets = await crowd(server, 100);
      const answers: string[] = [];
      await new Promise<void>((resolve) => {
        for (const socket of sockets) socket.once('data', (text) => answers.push(String(text)) === 20 && resolve());
      });
      for (const answer of answers) assert.match(answer, /^HTTP\/1\.1 503 [^]*Too many scrapes at once\./);
      sockets.forEach((socket) => socket.destroy());
    });
    it('whose readers are slow makes room for who reads', async () => {
      const server = serve(plain, {}, async () => ({ contentType: CONTENT_TYPE, chunks: endlessText() }));
      const slow = await crowd(server, 16);
      await Promise.all(slow.map(async (socket) => once(socket.pause(), 'readable')));
      const [served] = await crowd(server, 1);
      assert.equal(await statusOf(served!), '200');
      [served!, ...slow].forEach((socket) => socket.destroy());
      // At its deadline of 10 s a slow reader would make room, too.
    }).timeout(8000);
    it('on one connection is served one at a time: whoever does not wait is hung up on', async () => {
      const server = serve(plain);
      const [two] = await crowd(server, 1);
      two!.write(HEAD);
      const answers = String(Buffer.concat((await two!.toArray()) as Buffer[]));
      assert.match(answers, /^HTTP\/1\.1 200 [^]*ö 2\n[^]*HTTP\/1\.1 503 [^]*connection: close/);
      let collected = 0;
      const counting = serve(plain, {}, (accept) => ((collected += 1), canned(accept)));
      const [many] = await crowd(counting, 1);
      many!.write(HEAD.repeat(1000));
      await once(many!.resume(), 'close');
      assert.ok(collected <= 1);
      assert.equal((await get(counting, '/metrics')).status, 200);
    });
  });

  describe('gzip', () => {
    const wanted = ['gzip', 'GZIP', 'deflate, gzip, br', 'gzip;q=1', 'gzip; q=0.001', 'gzip;Q=1.0', 'br;q=1, gzip ;q=0.8'];
    const not = [undefined, '', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.000', 'gzip;q=0 ', 'xgzip', 'gzipx', '*;q=0'];
    for (const value of wanted) it(`is wanted by ${value}`, () => assert.equal(wantsGzip(value), true));
    for (const value of not) it(`is not wanted by ${JSON.stringify(value)}`, () => assert.equal(wantsGzip(value), false));
  });
});

async function* only(line: string): AsyncGenerator<string> {
  yield line;
}

async function* rendering(begun: () => void): AsyncGenerator<string> {
  begun();
  yield 'up 1\n';
}

async function* endlessText(): AsyncGenerator<string> {
  for (;;) yield 'x'.repeat(100_000);
}

async function* failing(): AsyncGenerator<string> {
  yield 'up 1\n';
  // Far enough that the head and the first text have been sent.
  await new Promise((resolve) => setTimeout(resolve, 20));
  throw new Error('half way');
}

/** Waits until a number no longer grows. */
async function settled(read: () => number): Promise<void> {
  for (let before = -1; before !== read();) {
    before = read();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
