// `npm run outage`: the outage of test/collector/outage.ts at full length, an app that pushes each second and a receiver that is away for two
// minutes; its figures go into docs/performance.md. Ends with 1 if anything was lost.
import { createRequire } from 'node:module';
import path from 'node:path';
import { collector } from './collector.mjs';
import { prometheus3 } from './go-programs.mjs';

const require = createRequire(import.meta.url);
const { writeMarked } = require('../packages/bench');
const root = path.resolve(import.meta.dirname, '..');
const DOCUMENT = path.join(root, 'docs/performance.md');
const EVERY_MS = 1000;
const DOWN_FOR = 120;
const CONFIGURATION = ['otel-collector.yaml', 'collector/keep-refused.yaml'];

async function main() {
  process.env.PATH = `${await prometheus3()}${path.delimiter}${process.env.PATH}`;
  process.env.TEST_OTELCOL = await collector();
  const { outage } = require('../test/dist/collector/support/outage.js');
  const figures = await outage({ files: CONFIGURATION, everyMs: EVERY_MS, downFor: DOWN_FOR });
  console.log(figures);
  writeMarked(DOCUMENT, 'outage', tableOf(figures));
  return figures.lost + figures.foreign + figures.poisonStored > 0 || figures.dropped !== 1 ? 1 : 0;
}

function tableOf({ sent, acknowledged, stored, lost, foreign, dropped }) {
  const rows = [
    ['values pushed by the app, each second', sent],
    ['values that the collector took (none while killed and starting)', acknowledged],
    ['values in Prometheus, each once, under its own time', stored],
    ['taken and lost', lost],
    ['stored and never sent', foreign],
    ['points given up, all of the poisoned batch', dropped],
  ];
  return ['|  | values |', '| --- | --: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

main().then(
  (code) => (process.exitCode = code),
  (thrown) => {
    console.error(thrown);
    process.exitCode = 1;
  },
);
