import assert from 'node:assert/strict';
import { createAccess, type AccessRule, type Caller } from '../src/endpoint/access';
import type { ScrapeVerdict } from '../src/endpoint/access-table';

const DEVELOPMENT: AccessRule = { token: undefined, answerPublic: false, production: false, live: false };
const PRODUCTION: AccessRule = { ...DEVELOPMENT, production: true };
const TOKEN: AccessRule = { ...PRODUCTION, token: 's3cret:ö' };

function verdict(rule: AccessRule, caller: Partial<Caller>): ScrapeVerdict {
  return createAccess(rule).metrics({ address: '8.8.8.8', overUnixSocket: false, headers: {}, ...caller });
}

/** As a header reaches a Node program: its bytes as latin1. */
const header = (text: string): string => Buffer.from(text).toString('latin1');
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

/** What proxies, CDNs and platforms add, each by its own documentation. */
const PROXIES = `
  Forwarded Via X-Real-IP X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Forwarded-Client-Cert X-Forwarded CF-Connecting-IP
  CF-Ray CF-Visitor CF-IPCountry CDN-Loop True-Client-IP Fly-Client-IP Fly-Region X-Client-IP X-Cluster-Client-IP Fastly-Client-IP
  X-Envoy-External-Address X-Envoy-Expected-Rq-Timeout-Ms X-Appengine-User-IP X-Azure-ClientIP X-Azure-FDID X-Vercel-Forwarded-For
  X-Vercel-Id X-Original-Forwarded-For X-Original-Host X-Original-URL Client-IP X-Amz-Cf-Id X-Amzn-Trace-Id X-Cloud-Trace-Context
  X-Arr-Ssl X-ARR-LOG-ID X-ProxyUser-Ip WL-Proxy-Client-IP Proxy-Client-IP X-Sucuri-ClientIP Incap-Client-IP
  X-Nf-Client-Connection-IP DO-Connecting-IP X-Request-Start X-Railway-Edge Ali-Cdn-Real-Ip X-B3-TraceId X-Request-ID
  X-Correlation-ID X-Scheme X-ProxyUser Proxy-Connection Proxy-Authorization X-Rewrite-URL Front-End-Https X-Remote-User
  Tailscale-User-Login X-Goog-IAP-JWT-Assertion X-Heroku-Queue-Depth X-Render-Origin-Server Rndr-Id X-Koyeb-Route Akamai-Origin-Hop
  X-Akamai-Config-Log-Detail X-Varnish Surrogate-Capability X-Newest-CDN-IP
`
  .trim()
  .split(/\s+/);

const over = (text: string): Record<string, string> => Object.fromEntries(text.split(/, */).map((name) => [name.toLowerCase(), 'x']));

/** What direct callers send of themselves, read from the wire of each. */
const DIRECT: Record<string, Record<string, string>> = {
  Prometheus: over('Host, User-Agent, Accept, Accept-Encoding, X-Prometheus-Scrape-Timeout-Seconds, Authorization'),
  'a traced Prometheus': over('Host, User-Agent, Accept, Accept-Encoding, X-Prometheus-Scrape-Timeout-Seconds, Traceparent, Tracestate, Baggage'),
  curl: over('Host, User-Agent, Accept, Connection, Upgrade, HTTP2-Settings'),
  'curl over HTTP/2': over(':method, :path, :scheme, :authority, User-Agent, Accept'),
  wget: over('Host, User-Agent, Accept, Accept-Encoding, Connection, Range, If-Modified-Since'),
  'a probe of Kubernetes': over('Host, User-Agent, Accept, Connection'),
  "Node.js's fetch": over('Host, Connection, Accept, Accept-Language, Sec-Fetch-Mode, User-Agent, Accept-Encoding, Cache-Control, Pragma'),
  'a browser': over(
    'Host, Connection, Cache-Control, Sec-CH-UA, Sec-CH-UA-Mobile, Sec-CH-UA-Platform, DNT, Sec-GPC, Upgrade-Insecure-Requests, User-Agent, Accept, ' +
      'Sec-Purpose, Sec-Fetch-Site, Sec-Fetch-Mode, Sec-Fetch-User, Sec-Fetch-Dest, Referer, Accept-Encoding, Accept-Language, Cookie, If-None-Match, Priority, TE',
  ),
};

describe('Access to the metrics', () => {
  describe('without a token, in development', () => {
    for (const address of ['8.8.8.8', '127.0.0.1', undefined]) {
      it(`is for ${address ?? 'a caller without address'}`, () => assert.equal(verdict(DEVELOPMENT, { address }), 'granted'));
    }
    it('is for who comes through a proxy', () => {
      assert.equal(verdict(DEVELOPMENT, { headers: { 'x-forwarded-for': '8.8.8.8' } }), 'granted');
    });
  });

  describe('without a token, in production', () => {
    const granted = [
      '127.0.0.1',
      '127.255.255.255',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '100.127.255.255',
      '169.254.1.1',
      '::1',
      'fc00::1',
      'fdff:ffff::1',
      'fe80::1',
      'fe80::1%eth0',
      'febf::1',
      '::ffff:10.0.0.1',
      '::ffff:7f00:1',
      '::FFFF:192.168.0.1',
    ];
    for (const address of granted) {
      it(`is for the private ${address}`, () => assert.equal(verdict(PRODUCTION, { address }), 'granted'));
    }
    const refused = [
      '8.8.8.8',
      '126.255.255.255',
      '128.0.0.1',
      '11.0.0.1',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.1',
      '100.63.255.255',
      '100.128.0.0',
      '169.253.0.1',
      '0.0.0.0',
      '::',
      '2001:4860:4860::8888',
      'fbff::1',
      'fe00::1',
      'fec0::1',
      '::ffff:8.8.8.8',
      '::ffff:808:808',
      '127.0.0.1.example.org',
      'localhost',
      '',
      undefined,
    ];
    for (const address of refused) {
      it(`is not for the public ${JSON.stringify(address)}`, () => assert.equal(verdict(PRODUCTION, { address }), 'forbidden'));
    }
    it('is for who may open the Unix socket', () => {
      assert.equal(verdict(PRODUCTION, { address: undefined, overUnixSocket: true }), 'granted');
    });
    for (const name of PROXIES) {
      it(`is not for a private address behind a proxy that sends ${name}, whatever it says`, () => {
        const headers = { ...DIRECT['Prometheus'], [name.toLowerCase()]: '10.0.0.2' };
        assert.equal(verdict(PRODUCTION, { address: '10.0.0.1', headers }), 'forbidden');
        assert.equal(verdict(PRODUCTION, { address: '127.0.0.1', headers: { ...headers, [name.toLowerCase()]: '' } }), 'forbidden');
        assert.equal(verdict(PRODUCTION, { overUnixSocket: true, headers }), 'forbidden');
      });
    }
    for (const [who, headers] of Object.entries(DIRECT)) {
      it(`is for ${who}, which asks from a private address by itself`, () => {
        assert.equal(verdict(PRODUCTION, { address: '10.0.0.1', headers }), 'granted');
        assert.equal(verdict(PRODUCTION, { overUnixSocket: true, headers }), 'granted');
      });
    }
    it('is for everybody with METRICS_PUBLIC', () => {
      const open = { ...PRODUCTION, answerPublic: true };
      assert.equal(verdict(open, {}), 'granted');
      assert.equal(verdict(open, { headers: { via: '1.1 x' } }), 'granted');
    });
  });

  describe('with a token', () => {
    const granted: Record<string, string> = {
      'as bearer': header('Bearer s3cret:ö'),
      'as bearer in another case': header('bEARER s3cret:ö'),
      'as bearer with spaces around': header('  Bearer   s3cret:ö  '),
      'as the password of anybody': basic('prometheus:s3cret:ö'),
      'as the password of nobody': basic(':s3cret:ö'),
      'as basic in another case': basic('x:s3cret:ö').replace('Basic', 'bAsIc'),
    };
    for (const [how, authorization] of Object.entries(granted)) {
      it(`is for who brings it ${how}`, () => assert.equal(verdict(TOKEN, { headers: { authorization } }), 'granted'));
    }
    const refused: Record<string, string | undefined> = {
      nothing: undefined,
      'an empty header': '',
      'only the scheme': 'Bearer',
      'an empty token': 'Bearer ',
      'the wrong one': 'Bearer wrong',
      'its beginning': 'Bearer s3cret',
      'more than it': header('Bearer s3cret:öx'),
      'it in another case': header('Bearer S3CRET:Ö'),
      'it without a scheme': header('s3cret:ö'),
      'it in another scheme': header('Digest s3cret:ö'),
      'it as the user name': basic('s3cret:ö'),
      'it as the user name with an empty password': basic('s3cret:ö:'),
      'base64 without a colon': basic('x'),
      'no base64 at all': 'Basic %%%',
      'an empty password': basic('x:'),
    };
    for (const [what, authorization] of Object.entries(refused)) {
      it(`is not for who brings ${what}`, () => assert.equal(verdict(TOKEN, { headers: { authorization } }), 'unauthorized'));
    }
    it('asks loopback for it too, in development and with METRICS_PUBLIC', () => {
      assert.equal(verdict({ ...TOKEN, production: false }, { address: '127.0.0.1' }), 'unauthorized');
      assert.equal(verdict({ ...TOKEN, answerPublic: true }, { address: '127.0.0.1' }), 'unauthorized');
    });
    it('lets proxies pass it on', () => {
      assert.equal(verdict(TOKEN, { headers: { via: '1.1 x', authorization: header('Bearer s3cret:ö') } }), 'granted');
    });
  });
});

const ORIGINS: Record<string, Partial<Caller>> = {
  'this machine': { address: '::1', headers: { host: 'localhost:3001' } },
  'this machine under its address': { address: '::ffff:127.0.0.1', headers: { host: '127.0.0.1' } },
  'this machine under a name of elsewhere': { address: '127.0.0.1', headers: { host: 'evil.example' } },
  'this machine under no name': { address: '127.0.0.1' },
  'a private address': { address: '10.0.0.1', headers: { host: 'localhost' } },
  'a Unix socket': { address: undefined, overUnixSocket: true, headers: { host: 'localhost' } },
  'a public address': { address: '8.8.8.8', headers: { host: 'localhost' } },
  'an address that is not known': { address: undefined, headers: { host: 'localhost' } },
  'a proxy on this machine': { address: '127.0.0.1', headers: { host: 'localhost', 'cf-connecting-ip': '127.0.0.1' } },
};
const [NAMED, NEAR, FAR] = [2, 6, 9].map((end, index) => Object.keys(ORIGINS).slice([0, 2, 6][index], end));

/** What the README promises, by the number of ways to ask and settings that each of its sentences leaves over. */
function promised(from: string, brings: 'right' | 'wrong' | 'nothing', { token, production, answerPublic, live }: AccessRule): [string, string] {
  const byToken = brings === 'right' ? 'granted' : 'unauthorized';
  const open = !production || answerPublic || !FAR!.includes(from);
  const page = NAMED!.includes(from) ? 'granted' : live && token ? byToken : 'absent';
  return [token ? byToken : open ? 'granted' : 'forbidden', page];
}

describe('Access to the metrics and the live page', () => {
  for (const [from, caller] of Object.entries(ORIGINS)) {
    it(`is as the README says for ${from}, whatever it brings and however the app is set`, () => {
      assert.ok([...NAMED!, ...NEAR!, ...FAR!].includes(from));
      for (let settings = 0; settings < 16; settings += 1) {
        const [production, answerPublic, live, hasToken] = [1, 2, 4, 8].map((bit) => (settings & bit) > 0) as [boolean, boolean, boolean, boolean];
        const rule: AccessRule = { production, answerPublic, live, token: hasToken ? 's3cret' : undefined };
        const access = createAccess(rule);
        for (const [brings, authorization] of [
          ['right', 'Bearer s3cret'],
          ['wrong', 'Bearer s3cre'],
          ['nothing', undefined],
        ] as const) {
          const asks = {
            address: undefined,
            overUnixSocket: false,
            ...caller,
            headers: { ...caller.headers, ...(authorization && { authorization }) },
          };
          assert.deepEqual([access.metrics(asks), access.live(asks)], promised(from, brings, rule), JSON.stringify({ rule, brings }));
        }
      }
    });
  }
});
