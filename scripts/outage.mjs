// `npm run outage`: the outage of test/collector/outage.ts at full length, an app that pushes each second and a receiver that is away for two
// minutes; its figures go into README.md. Ends with 1 if anything was lost.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { collector } from './collector.mjs';
import { prometheus3 } from './go-programs.mjs';

const root = path.resolve(import.meta.dirname, '..');
const README = path.join(root, 'README.md');
const EVERY_MS = 1000;
const DOWN_FOR = 120;
const CONFIGURATION = ['otel-collector.yaml', 'collector/keep-refused.yaml'];

async function main() {
  process.env.PATH = `${await prometheus3()}${path.delimiter}${process.env.PATH}`;
  process.env.TEST_OTELCOL = await collector();
  const { outage } = createRequire(import.meta.url)('../test/dist/collector/support/outage.js');
  const figures = await outage({ files: CONFIGURATION, everyMs: EVERY_MS, downFor: DOWN_FOR });
  console.log(figures);
  fs.writeFileSync(README, withFigures(fs.readFileSync(README, 'utf8'), figures));
  return figures.lost + figures.foreign + figures.poisonStored > 0 || figures.dropped !== 1 ? 1 : 0;
}

function withFigures(text, { sent, acknowledged, stored, lost, foreign, dropped }) {
  const rows = [
    ['values that the app pushed, one a second', sent],
    ['that the collector took (the others: while it was killed and started again)', acknowledged],
    ['that Prometheus has, each once, under its own time', stored],
    ['taken and lost', lost],
    ['stored and never sent', foreign],
    ['points of the poisoned batch, the only ones given up', dropped],
  ];
  const table = ['|  | values |', '| --- | --: |', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
  return text.replace(/(<!-- outage:begin[^>]*-->\n)[\s\S]*?(<!-- outage:end -->)/, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
}

main().then(
  (code) => (process.exitCode = code),
  (thrown) => {
    console.error(thrown);
    process.exitCode = 1;
  },
);
