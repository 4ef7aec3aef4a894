// Every key and flag of ours against Mimir's own description of its configuration, and against the values of its Helm chart. Both are read out
// of Mimir's module (18 MB from Go's proxy, nothing is built), as it was shortly before 3.1. Run by `npm run test:go`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { nodeFlags } from '../../src/mimir/node-flags';

const MODULE = 'github.com/grafana/mimir@v1.3.1-0.20260423142704-aced80d74930';
const COMPOSE = path.resolve(__dirname, '../../../../../compose');

interface Entry {
  readonly kind: 'block' | 'field' | 'slice' | 'map';
  readonly name: string;
  readonly fieldFlag?: string;
  readonly fieldType?: string;
  readonly blockEntries?: readonly Entry[];
}
type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);
const yaml = (file: string): Tree => parse(fs.readFileSync(file, 'utf8')) as Tree;

/** The paths of a document that Mimir's configuration does not have, or has as something else. */
function unknownKeys(tree: Tree, entries: readonly Entry[], at = ''): string[] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const entry = entries.find(({ name }) => name === key);
    if (entry === undefined) return [`${at}${key}`];
    if (entry.kind === 'block') return isTree(value) ? unknownKeys(value, entry.blockEntries ?? [], `${at}${key}.`) : [`${at}${key} is a block`];
    return isTree(value) ? [`${at}${key} is no block`] : wrongType(`${at}${key}`, entry.fieldType, value);
  });
}

function wrongType(at: string, type: string | undefined, value: unknown): string[] {
  // What a variable stands for cannot be seen here; null takes the chart's own value away.
  if (value === null || (typeof value === 'string' && value.includes('${'))) return [];
  const fits = type === 'boolean' ? typeof value === 'boolean' : type === 'int' || type === 'float' ? typeof value === 'number' : true;
  return fits ? [] : [`${at} is not a ${type}`];
}

/** The paths of our values that the chart's do not have. */
function unknownValues(ours: Tree, charts: Tree, at = ''): string[] {
  return Object.entries(ours).flatMap(([key, value]) => {
    if (!(key in charts)) return [`${at}${key}`];
    const theirs = charts[key];
    // What Kubernetes reads is any map to the chart, as is one that its own values leave empty.
    const free = key === 'resources' || !isTree(theirs) || Object.keys(theirs).length === 0;
    return isTree(value) && isTree(theirs) && !free ? unknownValues(value, theirs, `${at}${key}.`) : [];
  });
}

const flagsOf = (entries: readonly Entry[]): string[] =>
  entries.flatMap(({ fieldFlag, blockEntries = [] }) => [fieldFlag ?? '', ...flagsOf(blockEntries)]);

describe('Mimir’s own description', function () {
  this.timeout(300_000);
  let entries: readonly Entry[];
  let chart: Tree;
  before(() => {
    // In a folder without a module of its own.
    const output = execFileSync('go', ['mod', 'download', '-json', MODULE], { cwd: os.tmpdir(), encoding: 'utf8' });
    const { Dir: folder } = JSON.parse(output) as { Dir: string };
    entries = (JSON.parse(fs.readFileSync(path.join(folder, 'cmd/mimir/config-descriptor.json'), 'utf8')) as Entry).blockEntries!;
    chart = yaml(path.join(folder, 'operations/helm/charts/mimir-distributed/values.yaml'));
  });

  it('has every key of compose/mimir.yml', () => {
    assert.deepEqual(unknownKeys(yaml(path.join(COMPOSE, 'mimir.yml')), entries), []);
    const wrong = { target: 'all', ingester: { ring: { replication: 3 } }, server: 1, multitenancy_enabled: 'no' };
    assert.deepEqual(unknownKeys(wrong, entries), ['ingester.ring.replication', 'server is a block', 'multitenancy_enabled is not a boolean']);
  });

  it('has every flag that puts three nodes on one machine', () => {
    const known = new Set(flagsOf(entries));
    const flags = nodeFlags('mimir-1', { http: 1, grpc: 2, gossip: 3 }, [3], '/node', '/shared').map((flag) => /^-([^=]+)=/.exec(flag)![1]!);
    assert.deepEqual(
      flags.filter((flag) => !known.has(flag)),
      [],
    );
    // No ring may be left to find an address by itself.
    const addresses = [...known].filter((flag) => flag.endsWith('ring.instance-addr') && !flag.startsWith('alertmanager.'));
    assert.deepEqual(
      addresses.filter((flag) => !flags.includes(flag)),
      [],
    );
  });

  it('has every key of compose/mimir-values.yaml, and its chart the others', () => {
    const values = yaml(path.join(COMPOSE, 'mimir-values.yaml'));
    const { structuredConfig, ...mimir } = values.mimir as Tree;
    // One that Mimir hides: the chart sets it, and we take that away.
    assert.deepEqual(unknownKeys(structuredConfig as Tree, entries), ['ingester.push_grpc_method_enabled']);
    assert.match(String((chart.mimir as Tree).config), /push_grpc_method_enabled: false/);
    assert.deepEqual(unknownValues({ ...values, mimir }, chart), []);
    assert.deepEqual(unknownValues({ ingester: { replica: 3 }, nobody: 1 }, chart), ['ingester.replica', 'nobody']);
  });
});
