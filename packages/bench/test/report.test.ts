// What the benchmark says of figures that are known.

import assert from 'node:assert/strict';
import type { Figures } from '../src/figures';
import { MOST, ratioOf } from '../src/guard';
import { ROUTES, type RequestCost } from '../src/measure-requests';
import { SIZES, type ScrapeCost, type ScrapeCosts } from '../src/measure-scrape';
import { reportOf } from '../src/report';
import { spreadOf, type Spread } from '../src/spread';
import { targetsOf, verdictOn } from '../src/targets';

/** Three rounds around a value. */
const about = (value: number): Spread => spreadOf([value, value * 1.01, value * 0.99]);
const requestCost = (value: number): RequestCost => Object.fromEntries(ROUTES.map((route) => [route, about(value)])) as unknown as RequestCost;
const scrapeCost = (cpuMs: number, stallMs: number, heap: number): ScrapeCost => ({
  cpuMs: about(cpuMs),
  stallMs: about(stallMs),
  heapBytesPerSeries: about(heap),
});

/** A run in which everything holds, moonshots included. */
const REQUESTS = {
  bare: 0,
  'bare, again': 0.1,
  'lower bound': 2,
  'otel-preload': 8,
  'hand-rolled prom-client': 10,
  'express-prom-bundle': 20,
  'stock OTel metrics': 60,
  'auto-instrumentations-node': 70,
};
const SCRAPES = {
  'otel-preload': scrapeCost(30, 4, 40),
  'prom-client': scrapeCost(200, 190, 1000),
  'stock OTel': scrapeCost(600, 590, 900),
  'SDK collect()': scrapeCost(3, 3, 900),
};

function run(changed: Partial<typeof REQUESTS> = {}, rest: Partial<Figures> = {}): Figures {
  const costs = Object.entries({ ...REQUESTS, ...changed });
  return {
    machine: 'a machine',
    commit: 'abcdef0',
    rounds: 3,
    requests: new Map(costs.map(([name, cost]) => [name, requestCost(cost)])),
    startup: new Map(costs.map(([name, cost]) => [name, about(cost)])),
    scrapes: Object.fromEntries(SIZES.map((size) => [size, SCRAPES])) as unknown as Record<(typeof SIZES)[number], ScrapeCosts>,
    endurance: { heapEarly: 10e6, heapLate: 10.4e6, cpuMs: 50, stallMs: 8, collectStallMs: 20 },
    install: new Map(),
    ...rest,
  };
}

const unmet = (figures: Figures): string[] =>
  targetsOf(figures).flatMap((target) => (verdictOn(target).met ? [] : [`${target.what} ${target.bound}`]));
const lineOf = (text: string, start: string): string => text.split('\n').find((line) => line.startsWith(start)) ?? '';

describe('The report of a benchmark', () => {
  it('says that a target is met or not by the medians, and names what it was held against', () => {
    assert.deepEqual(unmet(run()), []);
    assert.deepEqual(unmet(run({ 'otel-preload': 10.8 })), [
      'CPU of `GET /ping` ≤ 0.5 × express-prom-bundle',
      'CPU of `GET /users/42` ≤ 0.5 × express-prom-bundle',
      ...ROUTES.map((route) => `CPU of \`GET ${route}\` ≤ 1 × hand-rolled prom-client`),
      'start-up CPU ≤ 0.15 × auto-instrumentations-node',
      'start-up CPU ≤ 1 × hand-rolled prom-client',
    ]);
    const text = reportOf(run({ 'otel-preload': 12.2 }));
    assert.match(text, /\| CPU of `GET \/ping` \| ≤ 0\.2 × stock OTel metrics \| 12\.2 \| 1\.02 \| \*\*not met\*\*/);
    assert.match(text, /\| CPU of `GET \/data\/42` \| ≤ 0\.25 × stock OTel metrics \| 12\.2 \| 0\.81 \| met \|/);
  });

  it('begins with the shares of what the others cost', () => {
    assert.equal(
      reportOf(run()).split('\n', 1)[0],
      "The preload takes a share of each peer's CPU: for a request 40 % (express-prom-bundle) and 13 % (stock OTel metrics), " +
        'for a start 11 % (auto-instrumentations-node), for a scrape of 10,000 label sets 15 % (prom-client).',
    );
  });

  it('has no share of what noise made cheaper than nothing', () => {
    assert.match(reportOf(run({ 'hand-rolled prom-client': -1 })), /\| moonshot: ≤ 1 × hand-rolled prom-client \| 8\.0 \| – \| \*\*not met\*\* \|/);
  });

  it('holds the heap and the stall of an endured app to their bounds', () => {
    const endurance = { heapEarly: 10e6, heapLate: 10.6e6, cpuMs: 50, stallMs: 23.5, collectStallMs: 20 };
    assert.deepEqual(unmet(run({}, { endurance })), [
      'heap at scrape 1,000 of 100,000 ≤ 1.05 × at scrape 100',
      'scrape of 100,000: longest stall ≤ SDK collect() + 3 ms',
    ]);
  });

  it('says in how many rounds a verdict held where the rounds do not agree', () => {
    assert.equal(verdictOn({ ours: spreadOf([1, 2, 9]), most: spreadOf([5, 5, 5]) }).text, 'met, noise decides: so in 2 of 3 rounds');
    assert.equal(verdictOn({ ours: spreadOf([1, 8, 9]), most: spreadOf([5, 5, 5]) }).text, '**not met**, noise decides: so in 2 of 3 rounds');
    assert.equal(verdictOn({ ours: spreadOf([1, 2, 3]), most: spreadOf([5, 5, 5]) }).text, 'met');
  });

  it('marks what cannot be told from bare, and nothing else', () => {
    const requests = new Map(run().requests);
    requests.set('bare, again', Object.fromEntries(ROUTES.map((route) => [route, spreadOf([-1, 0, 3])])) as unknown as RequestCost);
    const text = reportOf(run({}, { requests }));
    assert.match(lineOf(text, '| lower bound'), /^\| lower bound \| ≈ 2\.0 \(2\.0 to 2\.0\) \|/);
    for (const name of ['otel-preload', 'hand-rolled prom-client', 'bare, again']) assert.doesNotMatch(lineOf(text, `| ${name}`), /≈/);
  });

  it('names whom noise does not let it tell from ours', () => {
    assert.match(reportOf(run()), /In every round, otel-preload and each of the others came out in the same order\./);
    const startup = new Map(run().startup).set('express-prom-bundle', spreadOf([7, 9, 8]));
    assert.match(reportOf(run({}, { startup })), /noise hides it: express-prom-bundle \(start-up\)\./);
  });
});

describe('The guard of a request', () => {
  it('takes the ratio to express-prom-bundle of the same run, of both routes together', () => {
    assert.equal(ratioOf(run().requests), 0.4);
    assert.ok(ratioOf(run({ 'otel-preload': REQUESTS['otel-preload'] + 20 }).requests) > MOST);
  });
});
