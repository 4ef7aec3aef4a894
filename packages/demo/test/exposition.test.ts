import assert from 'node:assert/strict';
import { parseExposition } from '../src/figures/exposition';

describe('the parser of expositions', () => {
  it('reads names, labels and values, and passes over comments and empty lines', () => {
    const text = [
      '# HELP http_requests_total Requests answered.',
      '# TYPE http_requests_total counter',
      'http_requests_total{method="GET",status="200",endpoint="/users/:id"} 12',
      '',
      'active_users 3.5',
    ].join('\n');
    assert.deepEqual(parseExposition(text), [
      { name: 'http_requests_total', labels: { method: 'GET', status: '200', endpoint: '/users/:id' }, value: 12 },
      { name: 'active_users', labels: {}, value: 3.5 },
    ]);
  });

  it('unescapes quotes, backslashes and line breaks, and is not misled by braces and commas in values', () => {
    const [sample] = parseExposition(String.raw`m{a="say \"hi\", {you}",b="C:\\new",c="two\nlines",d=""} 1`);
    assert.deepEqual(sample?.labels, { a: 'say "hi", {you}', b: 'C:\\new', c: 'two\nlines', d: '' });
  });

  it('reads infinities, NaN, exponents, a timestamp and a trailing comma', () => {
    const values = parseExposition('a{le="+Inf",} +Inf\nb -Inf\nc NaN\nd 1.5e-3 1700000000000').map(({ value }) => value);
    assert.deepEqual(values, [Infinity, -Infinity, NaN, 0.0015]);
  });

  for (const line of ['just words here', 'm{a="1" 2', 'm{a=1} 2', 'm{a="1"} two', 'm']) {
    it(`refuses "${line}", naming it`, () => {
      assert.throws(
        () => parseExposition(line),
        (error: Error) => error.message.includes(line),
      );
    });
  }
});
