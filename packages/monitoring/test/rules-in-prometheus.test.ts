// The repository's own prometheus.yml in a real Prometheus: a rule file that is missing is silently accepted, so the rules are counted.

import assert from 'node:assert/strict';
import path from 'node:path';
import { type Prometheus, startPrometheus } from '@earntrack/local-servers';
import { alertNames, groups } from '../src/alerts';
import { ROOT } from '../src/generate/disk';
import { records } from '../src/promql/records';
import { runPromtool } from './promtool';

const CONFIG = path.join(ROOT, 'prometheus.yml');

interface Group {
  readonly name: string;
  readonly rules: readonly { readonly name: string; readonly type: string; readonly health: string; readonly lastError?: string }[];
}

describe('prometheus.yml', () => {
  let prometheus: Prometheus;
  before(async () => {
    prometheus = await startPrometheus({ configFile: CONFIG });
  });
  after(() => prometheus?.stop());

  const api = async (query: string): Promise<any> => ((await (await fetch(`${prometheus.url}/api/v1/${query}`)).json()) as { data: unknown }).data;

  it('passes promtool, with both rule files', async () => {
    const said = await runPromtool('check', 'config', CONFIG);
    assert.match(said, /2 rule files found/);
    assert.match(said, new RegExp(`${alertNames.length} rules found`));
    assert.match(said, new RegExp(`${Object.keys(records).length} rules found`));
  });

  it('has Prometheus run every record and every alert', async () => {
    const { groups: running } = (await api('rules')) as { groups: Group[] };
    const names = (type: string) => running.flatMap(({ rules }) => rules.filter((rule) => rule.type === type).map(({ name }) => name));
    assert.deepEqual(names('recording').sort(), Object.keys(records).sort());
    assert.deepEqual(names('alerting').sort(), [...alertNames].sort());
    assert.deepEqual(
      running
        .map(({ name }) => name)
        .filter((name) => name in groups)
        .sort(),
      Object.keys(groups).sort(),
    );
  });

  it('is the setup guide’s: the external label, 15 s, 10 s, the jobs', async () => {
    const { yaml } = (await api('status/config')) as { yaml: string };
    for (const line of [
      'monitor: earntrack-monitor',
      'scrape_interval: 15s',
      'evaluation_interval: 15s',
      'job_name: prometheus',
      'job_name: earntrack-backend',
      'host.docker.internal:3001',
    ]) {
      assert.ok(yaml.includes(line), line);
    }
    assert.match(yaml, /job_name: earntrack-backend[^]*?scrape_timeout: 10s/);
  });
});
