// `npm run sizing`: measures the constants of compose/SCALING.md's arithmetic, and writes the table between the file's markers.

import os from 'node:os';
import path from 'node:path';
import { writeMarked } from '@earntrack/bench';
import { measureBlock, measureScraped } from './measure';
import { needsOf } from './sizing';

const DOCUMENT = path.resolve(__dirname, '../../../../compose/SCALING.md');
const INTERVAL = 5;

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [row(head), row(head.map((_, index) => (index === 0 ? '---' : '--:'))), ...rows.map(row)].join('\n');

async function scrapedTable(): Promise<{ version: string; text: string }> {
  let version = '';
  const rows = [];
  for (const [instances, series] of [
    [10, 500],
    [20, 1000],
    [50, 1000],
    [50, 2000],
  ] as const) {
    const needs = needsOf({ instances, seriesEach: series, intervalSeconds: INTERVAL, retentionDays: 1, deploysADay: 0 });
    const found = await measureScraped({ instances, series, intervalSeconds: INTERVAL, scrapes: 12, withinSeconds: 300 });
    version = found.version;
    const samplesPerScrape = found.samples / found.scrapes + (found.activeSeries / instances - series);
    rows.push([
      `${instances} × ${series}`,
      needs.activeSeries,
      found.activeSeries,
      needs.samplesPerSecond.toFixed(0),
      ((samplesPerScrape * instances) / found.intervalSeconds).toFixed(0),
      (found.memoryBytes / found.activeSeries / 1024).toFixed(1),
      (found.wal.bytes / found.wal.samples).toFixed(1),
    ]);
    console.error(`${instances} × ${series}: done`);
  }
  const head = [
    'instances × series',
    'series reckoned',
    'found',
    'samples a second reckoned',
    'found',
    'KiB of memory a series',
    'bytes of log a sample',
  ];
  return { version, text: table(head, rows) };
}

async function blockTable(): Promise<string> {
  const rows = [];
  for (const [series, hours] of [
    [500, 2],
    [1000, 2],
    [2000, 2],
    [500, 18],
  ] as const) {
    const { bytes, samples } = await measureBlock(series, hours, 15);
    rows.push([`${series} series, ${hours} h every 15 s`, samples, (bytes / samples).toFixed(2)]);
  }
  return table(['one instance’s block', 'samples', 'bytes a sample'], rows);
}

async function main(): Promise<void> {
  const { version, text } = await scrapedTable();
  const blocks = await blockTable();
  const machine = `${os.cpus()[0]?.model ?? 'an unknown processor'}, ${os.cpus().length} cores`;
  const said = `Measured by \`npm run sizing\` with Prometheus ${version} on ${machine}, scraped every ${INTERVAL} s, 12 times:`;
  const body = [said, text, 'On disk, as compaction leaves it (`promtool tsdb create-blocks-from`):', blocks].join('\n\n');
  writeMarked(DOCUMENT, 'sizing', body);
  console.log(body);
}

main().catch((thrown: unknown) => {
  console.error(thrown);
  process.exitCode = 1;
});
