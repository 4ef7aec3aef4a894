import assert from 'node:assert/strict';
import { createAccess, type AccessRule, type Caller, type Verdict } from '../src/endpoint/access';

const DEVELOPMENT: AccessRule = { token: undefined, answerPublic: false, production: false };
const PRODUCTION: AccessRule = { ...DEVELOPMENT, production: true };
const TOKEN: AccessRule = { ...PRODUCTION, token: 's3cret:ö' };

function verdict(rule: AccessRule, caller: Partial<Caller>): Verdict {
  return createAccess(rule)({ address: '8.8.8.8', overUnixSocket: false, headers: {}, ...caller });
}

/** As a header reaches a Node program: its bytes as latin1. */
const header = (text: string): string => Buffer.from(text).toString('latin1');
const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

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
    for (const name of ['forwarded', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-client-cert', 'x-real-ip', 'via']) {
      it(`is not for a private address behind a proxy that sends ${name}, whatever it says`, () => {
        assert.equal(verdict(PRODUCTION, { address: '10.0.0.1', headers: { [name]: '10.0.0.2' } }), 'forbidden');
        assert.equal(verdict(PRODUCTION, { address: '127.0.0.1', headers: { [name]: '' } }), 'forbidden');
        assert.equal(verdict(PRODUCTION, { overUnixSocket: true, headers: { [name]: 'x' } }), 'forbidden');
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
