import assert from 'node:assert/strict';
import { parseExposition } from '../src/figures/exposition';
import { figuresOf } from '../src/figures/figures';
import { Interval, Scrape } from '../src/figures/increase';
import { Tally } from '../src/load/tally';
import { differences } from '../src/run/comparison';
import { summaryLines, verdictLines } from '../src/run/summary';
import type { Page } from '../src/visitors/guest-book';

const scrapeOf = (lines: string[]): Scrape => new Scrape(parseExposition(lines.join('\n')));
const requests = (status: number, value: number, endpoint = '/users/:id'): string =>
  `http_requests_total{method="GET",status="${status}",endpoint="${endpoint}"} ${value}`;

const BOOK: Page = { driver: { 'GET 200': 100, 'GET 404': 1 }, visitors: {}, asked: {}, sockets: 0 };
const VISITED: Page = { ...BOOK, visitors: { 'GET 200': 2, 'GET 404': 3 }, asked: { 'GET /favicon.ico 404': 3, 'GET /users/1 200': 2 } };

describe('the summary of a run', () => {
  let tally: Tally;

  beforeEach(() => {
    tally = new Tally();
    for (let i = 0; i < 100; i += 1) tally.answer('GET', 200, '/users/:id');
    tally.answer('GET', 404, '/users/:id');
  });

  const AGREED: readonly (readonly [what: string, lines: string[], book: Page])[] = [
    ['the driver alone has asked', [requests(200, 100), requests(404, 1)], BOOK],
    ['visitors have asked, wherever they were answered', [requests(200, 102), requests(404, 2), requests(404, 2, 'unmatched')], VISITED],
    ['a visitor left', [requests(200, 100), requests(404, 1), requests(499, 1), requests(444, 1)], { ...BOOK, visitors: { 'GET 499': 2 } }],
  ];
  for (const [what, lines, book] of AGREED) {
    it(`finds no difference where ${what}`, () => assert.deepEqual(differences(scrapeOf(lines), tally, book), []));
  }

  it('finds no difference in a request that the driver gave up', () => {
    tally.noAnswer('ECONNRESET');
    const book = { ...BOOK, driver: { ...BOOK.driver, 'GET 499': 1 } };
    assert.deepEqual(differences(scrapeOf([requests(200, 100), requests(404, 1), requests(499, 1)]), tally, book), []);
  });

  const WRONG: readonly (readonly [what: string, lines: string[], book: Page, found: RegExp])[] = [
    ['a request of the driver was lost', [requests(200, 99), requests(404, 1)], BOOK, /^GET 200 \/users\/:id: \/metrics 99, driver 100$/m],
    [
      'a request of the driver was counted twice',
      [requests(200, 101), requests(404, 1)],
      BOOK,
      /^GET 200: \/metrics 101, .* 100 \(driver 100, visitors 0\)$/m,
    ],
    ['a request of a visitor was lost', [requests(200, 102), requests(404, 3)], VISITED, /^GET 404: \/metrics 3, .* 4 \(driver 1, visitors 3\)$/m],
    ['a request of a visitor was counted twice', [requests(200, 103), requests(404, 4)], VISITED, /^GET 200: \/metrics 103, .* 102 /m],
    [
      'a request of the driver hides behind one of a visitor',
      [requests(200, 99), requests(200, 3, '/x'), requests(404, 4)],
      VISITED,
      /^GET 200 \/users\/:id: \/metrics 99, driver 100$/m,
    ],
    ['a request was counted under another status', [requests(200, 100), requests(500, 1)], BOOK, /^GET 500: \/metrics 1, .* 0 /m],
    [
      'the driver was answered what the backend never sent',
      [requests(200, 100)],
      { ...BOOK, driver: { 'GET 200': 100 } },
      /^GET 404: driver 1, .* has 0 of them$/m,
    ],
    [
      'the book has more of the driver than it sent',
      [requests(200, 101), requests(404, 1)],
      { ...BOOK, driver: { 'GET 200': 101, 'GET 404': 1 } },
      /1 requests of the driver that it does not know of$/m,
    ],
  ];
  for (const [what, lines, book, found] of WRONG) {
    it(`finds that ${what}`, () => assert.match(differences(scrapeOf(lines), tally, book).join('\n'), found));
  }

  it('prints whose requests each endpoint had, with one percentile, and what visitors asked for', () => {
    const histogram = [
      'http_request_duration_ms_bucket{method="GET",endpoint="/users/:id",le="100"} 106',
      'http_request_duration_ms_bucket{method="GET",endpoint="/users/:id",le="+Inf"} 106',
      'http_request_duration_ms_sum{method="GET",endpoint="/users/:id"} 5000',
      'http_request_duration_ms_count{method="GET",endpoint="/users/:id"} 106',
    ];
    const now = scrapeOf([requests(200, 102), requests(404, 4), ...histogram]);
    const lines = summaryLines(now, figuresOf(new Interval(new Scrape([]), now)), tally, VISITED).join('\n');
    assert.match(lines, /^Requests +\/metrics +driver +others +p95 ms$/m);
    assert.match(lines, /^GET \/users\/:id +106 +101 +5 +95$/m);
    assert.match(lines, /^all +106 +101 +5$/m);
    assert.match(lines, /^GET \/favicon.ico 404 +3\nGET \/users\/1 200 +2$/m);
    assert.equal(verdictLines(now, VISITED, []).join('\n'), "/metrics, driver and backend counted the same requests: 106, 5 of them visitors'.");
  });
});
