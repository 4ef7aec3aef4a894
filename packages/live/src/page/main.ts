// The browser's door: scrapes, evaluates every panel at the moment of each scrape, and draws.

import { language } from './language';
import { Evaluator } from '../promql/evaluate';
import { History } from '../promql/history';
import { SampleReader } from '../promql/sample-reader';
import { POLL_MS, rangesAt, WINDOW_MS } from '../windows';
import { Answer } from './answer';
import { boards, runbook, wanted } from './data';
import { element, setState, setText } from './dom';
import { text } from './format';
import { Poller, type Failure, type Outcome } from './poller';
import { Section } from './section';
import { onThemeChange, readTheme } from './theme';
import { Timeline } from './timeline';

const history = new History(WINDOW_MS);
const reader = new SampleReader(history, wanted);
const evaluator = new Evaluator(history);
const timeline = new Timeline(WINDOW_MS);
const queries = boards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries)));

const [overview, ...others] = boards;
const tiles = overview!.rows.flatMap(({ panels }) => panels.filter(({ kind }) => kind === 'tile'));
const answer = new Answer(tiles, runbook);
const lead = new Section(
  { title: 'Over time', description: '', rows: overview!.rows.filter(({ panels }) => panels.some(({ kind }) => kind !== 'tile')) },
  runbook,
);
const sections = [lead, ...others.map((board) => new Section(board, runbook))];

/** The element's `datetime` is the time of the last scrape, by which the page computed the figures. */
const status = element('time', { class: 'status' }, 'collecting');
const facts = element('span', { class: 'facts' });
const links = sections.map((section) => element('a', { href: `#${section.id}` }, section.board.title));
document.body.append(
  element('header', { class: 'top' }, element('h1', {}, location.host), facts, status, element('nav', { 'aria-label': 'Boards' }, ...links)),
  element('main', {}, answer.element, ...sections.map((section) => section.element)),
);

let theme = readTheme();
let awaySince: Date | undefined;
let scrapedAt = 0;

function scraped(at: number, outcome: Outcome): void {
  const gap = scrapedAt > 0 && at - scrapedAt > 5 * POLL_MS;
  scrapedAt = at;
  if ('kind' in outcome) return failed(at, outcome);
  awaySince = undefined;
  const started = startTime();
  history.add(at, reader.read(outcome.text));
  timeline.add(at, gap);
  if (started !== undefined && startTime() !== started) timeline.restarts.push(at / 1000);
  evaluator.moveTo(at, rangesAt(at, history.times[0]!));
  for (const query of queries) timeline.record(query, evaluator.evaluate(query.expr));
  draw();
  status.dateTime = new Date(at).toISOString();
  setState(status, 'well');
  setText(status, timeline.times.length > 1 ? `live, every ${text(POLL_MS / 1000, 's')}` : 'collecting');
}

/** The figures stay, and are said to be old. */
function failed(at: number, failure: Failure): void {
  awaySince ??= new Date(at);
  history.add(at);
  timeline.add(at, false);
  draw();
  const since = awaySince.toLocaleTimeString(language);
  const line =
    failure.kind === 'away' ? `The app has not answered since ${since}.` : `The app refuses since ${since} (${failure.status}): ${failure.words}`;
  answer.say(line, 'critical');
  setState(status, 'critical');
  setText(status, 'away');
}

function draw(): void {
  answer.update(timeline, theme);
  sections.forEach((section, index) => {
    section.update(timeline, theme);
    links[index]!.hidden = section.empty;
  });
  const started = startTime();
  const [node, preload] = [version('nodejs_version_info'), version('otel_preload_info')];
  const restarted = timeline.restarts.at(-1);
  const parts = [
    started === undefined ? '' : `up ${text(scrapedAt / 1000 - started, 's')}`,
    restarted === undefined ? '' : `restarted ${new Date(restarted * 1000).toLocaleTimeString(language)}`,
    node === undefined ? '' : `Node ${node}`,
    preload === undefined ? '' : `otel-preload ${preload}`,
  ];
  setText(facts, parts.filter((part) => part !== '').join(' · '));
  document.title = `${answer.element.querySelector('.sentence')!.textContent} ${location.host}`;
}

/** In seconds, from the last scrape. The value outlasts an absence of the app, and then tells whether the process is the same. */
function startTime(): number | undefined {
  return history.named('process_start_time_seconds')[0]?.values.findLast((value) => !Number.isNaN(value));
}

function version(name: string): string | undefined {
  return history.named(name).at(-1)?.labels['version'];
}

onThemeChange(() => {
  theme = readTheme();
  for (const section of sections) section.forget();
  draw();
});

// By the origin alone: a log-in in the page's own address would make the request invalid.
const poller = new Poller(location.origin + location.pathname.replace(/\/live\/?$/, '') || '/', scraped);
if (!document.hidden) void poller.poll();
