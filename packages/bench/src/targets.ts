// The project's own targets, held against the measurements.

import { OURS } from './contenders';
import type { Figures } from './figures';
import { ENDURED } from './measure-endurance';
import { ROUTES } from './measure-requests';
import { mapped, roundsWithin, spreadOf, type Spread } from './spread';

export interface Target {
  readonly what: string;
  readonly bound: string;
  readonly moonshot?: true;
  readonly ours: Spread;
  /** The bound in each round. */
  readonly most: Spread;
}

export interface Verdict {
  readonly met: boolean;
  /** `met in 5 of 5 rounds` */
  readonly text: string;
}

/** By the medians. If the rounds disagree, the text says in how many rounds. */
export function verdictOn({ ours, most }: Pick<Target, 'ours' | 'most'>): Verdict {
  const met = ours.median <= most.median;
  const rounds = ours.values.length;
  const agreeing = met ? roundsWithin(ours, most) : rounds - roundsWithin(ours, most);
  const hint = agreeing < rounds ? `, noise decides: so in ${agreeing} of ${rounds} rounds` : '';
  return { met, text: `${met ? 'met' : '**not met**'}${hint}` };
}

export function targetsOf(figures: Figures): readonly Target[] {
  return [...ofRequests(figures), ...ofStartup(figures), ...ofScrapes(figures), ...ofEndurance(figures)];
}

const times = (share: number, of: Spread): Spread => mapped(of, (value) => value * share);

function ofRequests({ requests }: Figures): Target[] {
  const cost = (name: string, route: (typeof ROUTES)[number]): Spread => requests.get(name)![route];
  const within = (route: (typeof ROUTES)[number], share: number, peer: string): Target => ({
    what: `CPU of \`GET ${route}\``,
    bound: `≤ ${share} × ${peer}`,
    ours: cost(OURS, route),
    most: times(share, cost(peer, route)),
  });
  return [
    within('/ping', 0.5, 'express-prom-bundle'),
    within('/ping', 0.2, 'stock OTel metrics'),
    within('/users/42', 0.5, 'express-prom-bundle'),
    within('/users/42', 0.2, 'stock OTel metrics'),
    within('/data/42', 0.25, 'stock OTel metrics'),
    ...ROUTES.map((route): Target => ({ ...within(route, 1, 'hand-rolled prom-client'), moonshot: true })),
  ];
}

function ofStartup({ startup }: Figures): Target[] {
  const within = (share: number, peer: string): Target => ({
    what: 'start-up CPU',
    bound: `≤ ${share} × ${peer}`,
    ours: startup.get(OURS)!,
    most: times(share, startup.get(peer)!),
  });
  return [within(0.5, 'stock OTel metrics'), within(0.15, 'auto-instrumentations-node'), { ...within(1, 'hand-rolled prom-client'), moonshot: true }];
}

function ofScrapes({ scrapes }: Figures): Target[] {
  const { 'otel-preload': ours, 'prom-client': client, 'SDK collect()': collect } = scrapes[10_000];
  const cpu = (share: number): Target => ({
    what: 'scrape of 10,000: CPU',
    bound: `≤ ${share} × prom-client`,
    ours: ours.cpuMs,
    most: times(share, client.cpuMs),
  });
  const heap = (share: number): Target => ({
    what: 'heap of a series at 10,000',
    bound: `≤ ${share} × prom-client`,
    ours: ours.heapBytesPerSeries,
    most: times(share, client.heapBytesPerSeries),
  });
  return [
    cpu(0.5),
    { ...cpu(0.2), moonshot: true },
    { what: 'scrape of 10,000: longest stall', bound: '≤ SDK collect() + 3 ms', ours: ours.stallMs, most: mapped(collect.stallMs, (ms) => ms + 3) },
    heap(0.15),
    { ...heap(0.05), moonshot: true },
  ];
}

function ofEndurance({ endurance: { heapEarly, heapLate, stallMs, collectStallMs } }: Figures): Target[] {
  const label = ENDURED.series.toLocaleString('en');
  return [
    {
      what: `heap at scrape ${ENDURED.scrapes.toLocaleString('en')} of ${label}`,
      bound: `≤ 1.05 × at scrape ${ENDURED.early}`,
      ours: spreadOf([heapLate]),
      most: spreadOf([heapEarly * 1.05]),
    },
    { what: `scrape of ${label}: longest stall`, bound: '≤ SDK collect() + 3 ms', ours: spreadOf([stallMs]), most: spreadOf([collectStallMs + 3]) },
  ];
}
