// The alerts, each in nine situations, judged by promtool.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { alertNames } from '../src/alerts';
import { runPromtool } from './promtool';
import { cases } from './rules/cases';
import { rulesFor, ruleTests, type RuleTest } from './rules/rule-tests';
import { SITUATIONS } from './rules/situations';

describe('the alerts', () => {
  it('are each tried in every situation', () => {
    for (const alert of alertNames) for (const situation of SITUATIONS) assert.ok(cases[alert][situation].length > 0, `${alert}: no ${situation}`);
  });

  it('fire when they must and never otherwise', async function () {
    this.timeout(300_000);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'rule-tests-'));
    try {
      const files = [...ruleTests(cases)].map(([alerts, tests], index) => testFile(folder, `${index}`, alerts.split(','), tests));
      assert.match(await runPromtool('test', 'rules', ...files), /SUCCESS/);
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

function testFile(folder: string, name: string, alerts: readonly string[], tests: readonly RuleTest[]): string {
  const [rules, file] = [path.join(folder, `${name}.rules.yml`), path.join(folder, `${name}.test.yml`)];
  fs.writeFileSync(rules, stringify(rulesFor(alerts), { lineWidth: 0 }));
  fs.writeFileSync(file, stringify({ rule_files: [rules], evaluation_interval: '30s', tests }, { aliasDuplicateObjects: false, lineWidth: 0 }));
  return file;
}
