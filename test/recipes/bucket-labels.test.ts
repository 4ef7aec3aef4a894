// Every Prometheus of the recipes writes the label `le` as prometheus.yml has it written: as it is pushed.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from '../support/app';
import { manifests, RECIPES, type Manifest } from '../support/manifests';

const jobsOf = (text: string): Manifest[] => parse(text.replaceAll(/\{\{ with[^]*\{\{ end \}\}/g, '')).scrape_configs;
const read = (...file: string[]): string => fs.readFileSync(path.join(...file), 'utf8');
const relabelings = (text: string, job: string): Manifest => jobsOf(text).find(({ job_name }) => job_name === job).metric_relabel_configs;

const wanted = relabelings(read(root, 'prometheus.yml'), 'earntrack-backend');

describe('The label le, scraped by the recipes', () => {
  it('is written as in prometheus.yml in Swarm, on Railway and in a plain Prometheus for Kubernetes', () => {
    assert.equal(wanted.length, 3);
    assert.deepEqual(relabelings(read(root, 'compose/swarm/prometheus.yml.tmpl'), 'earntrack-backend'), wanted);
    assert.deepEqual(relabelings(read(RECIPES, 'railway/prometheus.yml'), 'earntrack-backend'), wanted);
    const plain = manifests().find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'prometheus');
    assert.deepEqual(relabelings(plain.data['prometheus.yml'], 'earntrack-pods'), wanted);
  });

  it('is written so by the operator’s monitors, in its own spelling', () => {
    const ofOurs = manifests().filter(({ kind, metadata }) => /^(Service|Pod)Monitor$/.test(kind) && metadata.namespace === 'earntrack');
    const operators = wanted.map(({ source_labels: sourceLabels, target_label: targetLabel, ...rest }: Manifest) => ({
      sourceLabels,
      targetLabel,
      ...rest,
    }));
    assert.equal(ofOurs.length, 2);
    for (const { spec } of ofOurs) {
      for (const endpoint of spec.endpoints ?? spec.podMetricsEndpoints) assert.deepEqual(endpoint.metricRelabelings, operators);
    }
  });
});
