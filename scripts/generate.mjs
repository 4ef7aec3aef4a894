// Writes every derived file of the repository: METRICS.md, the tables between markers in README.md, and what the
// workspaces generate. With --check nothing is written: a stale file is named, with the command that mends it.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const check = process.argv.includes('--check');
const { catalogue } = require('../packages/otel-preload/dist/src/catalogue/index.js');
const { variables } = require('../packages/otel-preload/dist/src/config/variables.js');

const row = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = (text) => `\`${text}\``;

const FAMILIES = {
  http: 'HTTP requests',
  http_client: 'Outgoing HTTP requests',
  database: 'Database',
  cache: 'Cache',
  jobs: 'Job queue',
  websocket: 'WebSockets',
  errors: 'Errors',
  business: 'Business',
  otel_preload: 'The preload itself',
  process: 'Process',
  nodejs: 'Node.js runtime',
};

function metricsTable(family) {
  const metrics = Object.entries(catalogue).filter(([, metric]) => metric.family === family);
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
  const sections = Object.entries(FAMILIES).map(([family, title]) => `## ${title}\n\nFamily ${code(family)}.\n\n${metricsTable(family)}\n`);
  return [
    '# Metrics',
    '',
    'Generated from the catalogue by `npm run generate`. A family is left out with `METRICS_DISABLE=<family>`.',
    '',
    ...sections,
  ].join('\n');
}

function variablesTable(group) {
  const shown = Object.entries(variables).filter(([, variable]) => variable.group === group);
  return table(
    ['variable', 'default', 'meaning'],
    shown.map(([name, { default: fallback, meaning }]) => [code(name), fallback ? code(fallback) : '–', meaning]),
  );
}

const README_TABLES = {
  variables: () => variablesTable('main'),
  'limits-variables': () => variablesTable('limits'),
  'push-variables': () => variablesTable('push'),
  metrics: () =>
    table(
      ['metric', 'labels', 'meaning'],
      Object.entries(catalogue)
        .filter(([, { family }]) => !['process', 'nodejs', 'otel_preload'].includes(family))
        .map(([name, { labels, help }]) => [code(name), labels.map(code).join(', ') || '–', help]),
    ),
};

function readme() {
  const text = readFileSync(path.join(root, 'README.md'), 'utf8');
  return text.replace(
    /(<!-- (metrics|[a-z-]*variables):begin[^>]*-->\n)[\s\S]*?(<!-- \2:end -->)/g,
    (_, begin, name, end) => `${begin}\n${README_TABLES[name]()}\n\n${end}`,
  );
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

const results = [put('METRICS.md', metricsPage()), put('README.md', readme())];
for (const script of ['packages/monitoring/dist/src/generate.js', 'packages/recipes/dist/src/generate.js']) {
  results.push(spawnSync(process.execPath, [path.join(root, script), ...(check ? ['--check'] : [])], { stdio: 'inherit', cwd: root }).status === 0);
}
process.exitCode = results.every(Boolean) ? 0 : 1;
