// A real Prometheus with the configurations of the Kubernetes recipes, and real apps as its pods. Debian's Prometheus cannot discover pods:
// run by `npm run test:go`.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startPrometheus, type Prometheus } from '@earntrack/local-servers';
import { parse, stringify } from 'yaml';
import { root, startApp, type App } from '../../support/app';
import { startKubernetesApi, type KubernetesApi } from '../../support/kubernetes-api';
import { environment, manifests, type Manifest } from '../../support/manifests';
import { answers } from '../../support/reachable';
import { Ports, status } from '../../support/recipes';

const all = manifests();
const find = (kind: string, name: string): Manifest => all.find((each) => each.kind === kind && each.metadata.name === name)!;
const given = parse(find('ConfigMap', 'prometheus').data['prometheus.yml']);
const TOKEN = 'earntrack-metrics/token';
const WORKLOADS = ['earntrack-backend', 'earntrack-worker'];

describe('Prometheus with the configurations for Kubernetes', () => {
  let folder: string;
  let api: KubernetesApi;
  let prometheus: Prometheus;
  const apps: App[] = [];

  before(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kubernetes-'));
    fs.writeFileSync(path.join(folder, 'token'), TOKEN);
    const backend = await startPod('earntrack-backend', 'recipe-app.cjs');
    const worker = await startPod('earntrack-worker', 'server-none.js');
    assert.equal(await status(backend.of(3001), '/users/7'), 200);
    const ended = podOf('earntrack-backend', backend, { phase: 'Succeeded', name: 'ended' });
    const other = podOf('earntrack-backend', backend, { annotations: {}, name: 'without-annotations' });
    api = await startKubernetesApi([podOf('earntrack-backend', backend), podOf('earntrack-worker', worker), ended, other]);
    for (const [ports, port] of [
      [backend, 9464],
      [worker, 9464],
    ] as const)
      await answers(ports.of(port));
    prometheus = await startPrometheus({ config: configuration(backend.of(9464)) });
  });

  after(async () => {
    await prometheus?.stop();
    api?.stop();
    for (const app of apps) await app.stop();
    fs.rmSync(folder, { recursive: true });
  });

  async function startPod(name: string, program: string): Promise<Ports> {
    const [container] = find('Deployment', name).spec.template.spec.containers;
    const ports = await Ports.for(...container.ports.map(({ containerPort }: Manifest) => containerPort));
    const env = ports.in(environment(container));
    apps.push(await startApp(program, { flags: container.command.slice(1, -1), env, silent: program === 'server-none.js' }));
    return ports;
  }

  /** A pod as the Deployment makes one, with the free ports of this test. */
  function podOf(workload: string, ports: Ports, { phase = 'Running', annotations, name = `${workload}-0` }: Manifest = {}): Manifest {
    const { metadata, spec } = find('Deployment', workload).spec.template;
    const { 'prometheus.io/port': port, ...rest } = metadata.annotations;
    const containers = spec.containers.map((each: Manifest) => ({
      ...each,
      ports: each.ports.map((one: Manifest) => ({ ...one, containerPort: ports.of(one.containerPort) })),
    }));
    return {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: {
        name,
        namespace: 'earntrack',
        uid: name,
        labels: metadata.labels,
        annotations: annotations ?? { ...rest, 'prometheus.io/port': String(ports.of(port)) },
      },
      spec: { ...spec, containers },
      status: { phase, podIP: '127.0.0.1' },
    };
  }

  /** The recipe's own, with this test's API in place of the cluster's; and what the operator makes of a ServiceMonitor, with its relabelings and without. */
  function configuration(metricsPort: number): string {
    const [pods] = given.scrape_configs.filter(({ kubernetes_sd_configs }: Manifest) => kubernetes_sd_configs);
    const authorization = { credentials_file: path.join(folder, 'token') };
    const discovered = {
      ...pods,
      scrape_timeout: '1s',
      authorization,
      kubernetes_sd_configs: pods.kubernetes_sd_configs.map((each: Manifest) => ({ ...each, api_server: api.url })),
    };
    const [endpoint] = find('ServiceMonitor', 'earntrack-backend').spec.endpoints;
    // What the operator sets on every target of a ServiceMonitor comes before the monitor's own.
    const operators = [{ target_label: 'endpoint', replacement: endpoint.port }];
    const monitored = (job: string, relabelings: Manifest[]): Manifest => ({
      job_name: job,
      authorization,
      metrics_path: endpoint.path,
      static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }],
      relabel_configs: [...operators, ...relabelings],
    });
    const scrape_configs = [discovered, monitored('monitored', endpoint.relabelings), monitored('without-relabelings', [])];
    return stringify({ global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs });
  }

  async function query(promql: string): Promise<Record<string, string>[]> {
    for (const end = Date.now() + 40_000; ;) {
      const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(promql)}`);
      const { data } = (await response.json()) as { data: { result: { metric: Record<string, string> }[] } };
      if (data.result.length > 0) return data.result.map(({ metric }) => metric);
      assert.ok(Date.now() < end, `${promql} stays empty:\n${prometheus.log().slice(-1000)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  it('finds each annotated pod that runs, at the annotated port and path, with the token, under the name of its app', async () => {
    for (const job of WORKLOADS) await query(`up{job="${job}"} == 1`);
    const found = await query('up{namespace="earntrack"}');
    const targets = found.map(({ job, pod, namespace }) => ({ job, pod, namespace }));
    assert.deepEqual(
      targets.toSorted((a, b) => (a.job! < b.job! ? -1 : 1)),
      WORKLOADS.map((job) => ({ job, pod: `${job}-0`, namespace: 'earntrack' })),
    );
    assert.ok(api.asked.has('/api/v1/namespaces/earntrack/pods'));
    assert.equal((await query('http_requests_total{job="earntrack-backend"}'))[0]!['endpoint'], '/users/:id');
  });

  it('keeps our label endpoint by the monitor’s relabelings; the operator’s own would push it aside', async () => {
    const [kept] = await query('http_requests_total{job="monitored"}');
    assert.deepEqual([kept!['endpoint'], kept!['exported_endpoint']], ['/users/:id', undefined]);
    const [pushed] = await query('http_requests_total{job="without-relabelings"}');
    assert.deepEqual([pushed!['endpoint'], pushed!['exported_endpoint']], ['metrics', '/users/:id']);
  });

  it('has every monitor of an app of ours drop the operator’s label', () => {
    const monitors = all.filter(({ kind, metadata }) => /^(Service|Pod)Monitor$/.test(kind) && metadata.namespace === 'earntrack');
    assert.equal(monitors.length, 2);
    for (const { spec } of monitors) {
      for (const each of spec.endpoints ?? spec.podMetricsEndpoints) assert.deepEqual(each.relabelings, [{ action: 'labeldrop', regex: 'endpoint' }]);
    }
  });

  it('has a configuration that names only rule files that its ConfigMap has', () => {
    const [pattern] = given.rule_files as [string];
    const prefix = pattern.replace('*.yml', '');
    const mounts = find('StatefulSet', 'prometheus').spec.template.spec.containers[0].volumeMounts;
    assert.ok(mounts.some(({ mountPath }: Manifest) => `${mountPath}/` === prefix));
    assert.ok(Object.keys(find('ConfigMap', 'prometheus-rules').data).every((name) => name.endsWith('.yml')));
    assert.ok(fs.existsSync(path.join(root, 'compose/prometheus_alerts.yml')));
  });
});
