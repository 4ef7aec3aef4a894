// Writes every derived file of the repository: METRICS.md, the tables between markers in README.md, DECISIONS.md and docs/, and what the
// workspaces generate. With --check nothing is written: a stale file is named, with the command that mends it.

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const check = process.argv.includes('--check');
const { catalogue, families } = require('../packages/otel-preload/dist/src/catalogue/index.js');
const { variables } = require('../packages/otel-preload/dist/src/config/variables.js');
const { withMarked } = require('../packages/bench');

const row = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text) => `\`${text}\``;

/** Each family with its title and its metrics. A metric of no family does not compile; a family without a metric is a mistake. */
const byFamily = Object.entries(families).map(([family, title]) => {
  const metrics = Object.entries(catalogue).filter(([, metric]) => metric.family === family);
  if (metrics.length === 0) throw new Error(`the family ${family} has no metric`);
  return { family, title, metrics };
});

function metricsTable(metrics) {
  return table(
    ['metric', 'kind', 'labels', 'meaning'],
    metrics.map(([name, { kind, labels, help, boundaries }]) => [
      code(name),
      kind,
      labels.map(code).join(', ') || '–',
      boundaries ? `${help} Buckets: ${boundaries.join(' ')}.` : help,
    ]),
  );
}

function metricsPage() {
  const sections = byFamily.map(({ family, title, metrics }) => `## ${title}\n\nFamily ${code(family)}.\n\n${metricsTable(metrics)}\n`);
  return [
    '# Metrics',
    '',
    'Generated from the catalogue by `npm run generate`. `METRICS_DISABLE=<family>` leaves a family out.',
    '',
    ...sections,
  ].join('\n');
}

/** For the README, which tells of the process's metrics in a sentence. */
function familiesTable() {
  const shown = byFamily.filter(({ family }) => !['process', 'nodejs', 'otel_preload'].includes(family));
  const named = ([name, { labels }]) => code(labels.length === 0 ? name : `${name}{${labels.join(',')}}`);
  return table(
    ['family', 'metrics'],
    shown.map(({ title, metrics }) => [title, metrics.map(named).join(' ')]),
  );
}

function variablesTable(group) {
  const shown = Object.entries(variables).filter(([, variable]) => variable.group === group);
  return table(
    ['variable', 'default', 'meaning'],
    shown.map(([name, { default: fallback, meaning }]) => [code(name), fallback ? code(fallback) : '–', meaning]),
  );
}

const DECISIONS = 'docs/decisions';

/** A record is a file: its number and title, its theme and date, and four parts. */
function decision(name) {
  const text = readFileSync(path.join(root, DECISIONS, name), 'utf8');
  const parts = [...text.matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, part]) => part).join();
  const [, number, title, theme, date] = /^# (\d+)\. (.+)\n\n(.+) · (\d{4}-\d\d-\d\d)\n/.exec(text) ?? [];
  if (Number(number) !== Number(name.slice(0, 4)) || parts !== 'Decision,Rejected,Evidence,Revisit when')
    throw new Error(`${name} has not the form of a record`);
  return [`[${number}. ${title}](${DECISIONS}/${name})`, theme, date];
}

const decisionsTable = () => table(['decision', 'theme', 'date'], readdirSync(path.join(root, DECISIONS)).toSorted().map(decision));

const MARKED = {
  'DECISIONS.md': { decisions: decisionsTable },
  'README.md': { metrics: familiesTable },
  'docs/settings.md': {
    variables: () => variablesTable('main'),
    'limits-variables': () => variablesTable('limits'),
    'push-variables': () => variablesTable('push'),
  },
};

function withTables(file, tables) {
  const text = readFileSync(path.join(root, file), 'utf8');
  return Object.entries(tables).reduce((filled, [name, made]) => withMarked(filled, name, made()), text);
}

function put(file, text) {
  const full = path.join(root, file);
  let current;
  try {
    current = readFileSync(full, 'utf8');
  } catch {
    current = undefined;
  }
  if (current === text) return true;
  if (!check) writeFileSync(full, text);
  console.error(check ? `${file} is stale: npm run generate` : `wrote ${file}`);
  return !check;
}

const results = [put('METRICS.md', metricsPage()), ...Object.entries(MARKED).map(([file, tables]) => put(file, withTables(file, tables)))];
for (const script of ['packages/monitoring/dist/src/generate.js', 'packages/recipes/dist/src/generate.js']) {
  results.push(spawnSync(process.execPath, [path.join(root, script), ...(check ? ['--check'] : [])], { stdio: 'inherit', cwd: root }).status === 0);
}
process.exitCode = results.every(Boolean) ? 0 : 1;
