// The checked-in files are what the generator makes, and nothing else lies among them.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { config } from '../src/config';
import { ROOT, stale } from '../src/generate/disk';
import { COMMAND, outputs } from '../src/generate/outputs';

const CLI = path.join(__dirname, '../src/generate.js');
const generate = (...args: string[]) => spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });

describe('the generated files', () => {
  it(`are up to date; if not: ${COMMAND}`, () => {
    assert.deepEqual(stale(outputs(config)), []);
    assert.equal(generate('--check').status, 0);
  });

  it('are all that lies in generated/', () => {
    const folder = path.join(ROOT, 'packages/monitoring/generated');
    const there = fs.readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const made = [...outputs(config).keys()].map((name) => path.join(ROOT, name));
    assert.deepEqual(
      there.map(({ parentPath, name }) => path.join(parentPath, name)).filter((file) => !made.includes(file)),
      [],
    );
  });

  it('are named, with the command that mends them, when one is stale', () => {
    const files = outputs({ ...config, thresholds: { ...config.thresholds, errorRatio: 0.07 } });
    assert.deepEqual(stale(files).sort(), [
      'compose/prometheus_alerts.yml',
      ...['errors', 'http', 'overview'].map((name) => `packages/monitoring/generated/dashboards/earntrack-${name}.json`),
    ]);
  });
});

describe('the generator', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'generate-'));
  after(() => fs.rmSync(folder, { recursive: true }));

  it('divides every duration of the rules by --time-scale, for tests that cannot wait', () => {
    assert.equal(generate('--time-scale', '20', '--out', folder).status, 0);
    const [group] = parse(fs.readFileSync(path.join(folder, 'compose/prometheus_alerts.yml'), 'utf8')).groups;
    assert.deepEqual([group.interval, group.rules[0].for, group.rules[2].for], ['1500ms', '15s', '30s']);
    assert.match(group.rules[2].expr, /offset 30s/);
  });

  it('says what is wrong with its options', () => {
    const scaled = generate('--time-scale', '20');
    assert.equal(scaled.status, 1);
    assert.match(scaled.stderr, /--out FOLDER/);
    assert.match(generate('--time-scale', 'fast', '--out', folder).stderr, /--time-scale fast is no number/);
  });
});
