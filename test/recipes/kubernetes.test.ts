// The Kubernetes manifests: their labels, ports and names find one another, and what they promise is what a real app with their
// environment serves. Their fields are checked against Kubernetes' own types in `npm run test:go`.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { root, startApp, type App } from '../support/app';
import { scrape, seriesOf } from '../support/exposition';
import { answers } from '../support/reachable';
import { bearer, Ports, status } from '../support/recipes';
import { environment, manifests, matches, RECIPES, type Manifest } from '../support/manifests';

const all = manifests();
const ofKind = (...kinds: string[]): Manifest[] => all.filter(({ kind }) => kinds.includes(kind));
const workloads = ofKind('Deployment', 'StatefulSet');
const services = ofKind('Service');
const named = (list: Manifest[], name: string): Manifest => list.find(({ metadata }) => metadata.name === name)!;

const portsOf = (workload: Manifest): Manifest[] => workload.spec.template.spec.containers.flatMap(({ ports }: Manifest) => ports);
const selected = (selector: Record<string, string>, namespace: string): Manifest[] =>
  workloads.filter(({ spec, metadata }) => metadata.namespace === namespace && matches(selector, spec.template.metadata.labels));

describe('The Kubernetes manifests', () => {
  it('have a name once a kind and namespace', () => {
    const names = all.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
    const repeated = names.filter((name, i) => names.indexOf(name) !== i);
    // remote-write.yaml adds to the operator's Prometheus.
    assert.deepEqual(repeated, ['Prometheus monitoring/earntrack']);
  });

  it('select the pods that they make', () => {
    for (const { metadata, spec } of workloads) {
      assert.deepEqual(selected(spec.selector.matchLabels, metadata.namespace), [named(workloads, metadata.name)], metadata.name);
    }
  });

  it('have Services that find one workload, and ports that it has', () => {
    for (const { metadata, spec } of services) {
      const found = selected(spec.selector, metadata.namespace);
      assert.equal(found.length, 1, metadata.name);
      const names = portsOf(found[0]).map(({ name }) => name);
      for (const { targetPort } of spec.ports) assert.ok(names.includes(targetPort), `${metadata.name}: ${targetPort}`);
    }
  });

  it('scrape each workload with METRICS_PORT in one way: by annotations, or by a monitor that finds its port and path', () => {
    const measured = workloads.filter(({ spec }) => environmentOf(spec).METRICS_PORT !== undefined);
    assert.deepEqual(measured.map(({ metadata }): string => metadata.name).toSorted(), ['earntrack-backend', 'earntrack-worker']);
    const monitored = [...ofKind('ServiceMonitor').map(endpointOfService), ...ofKind('PodMonitor').map(endpointOfPods)];
    for (const workload of measured) {
      const { name } = workload.metadata;
      const port = portsOf(workload).find((each) => each.name === 'metrics');
      assert.equal(String(port.containerPort), environmentOf(workload.spec).METRICS_PORT, name);
      assert.deepEqual(workload.spec.template.metadata.annotations, {
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': String(port.containerPort),
        'prometheus.io/path': '/metrics',
      });
      assert.deepEqual(
        monitored.filter((each) => each.workload === name),
        [{ workload: name, port: port.containerPort, path: '/metrics', job: name }],
      );
    }
  });

  it('name only Secrets and keys that RECIPES.md has you make', () => {
    const page = fs.readFileSync(path.join(RECIPES, 'RECIPES.md'), 'utf8');
    const made = [...page.matchAll(/create secret generic (\S+)((?:[^|\n]|\\\n)*)/g)].flatMap(([, name, rest]) =>
      [...rest!.matchAll(/--from-(?:file|literal)=(\w+)=/g)].map(([, key]) => `${name}/${key}`),
    );
    const wanted = new Set(secretsIn(all));
    assert.ok(wanted.size > 1);
    for (const each of wanted) assert.ok(made.includes(each) || made.some((one) => one.startsWith(`${each}/`)), each);
  });

  it('mount only ConfigMaps that there are', () => {
    const maps = ofKind('ConfigMap').map(({ metadata }) => metadata.name);
    const mounted = workloads.flatMap(({ spec }) => (spec.template.spec.volumes ?? []).flatMap(({ configMap }: Manifest) => configMap?.name ?? []));
    assert.ok(mounted.length > 0);
    for (const name of mounted) assert.ok(maps.includes(name), name);
  });

  it('let nobody but Prometheus reach the port of the metrics, and everybody the API', () => {
    const { spec, metadata } = named(ofKind('NetworkPolicy'), 'earntrack-metrics');
    const covered = selected(spec.podSelector.matchLabels, metadata.namespace);
    assert.deepEqual(
      covered,
      workloads.filter((each) => each.metadata.namespace === 'earntrack'),
    );
    const [open, guarded] = spec.ingress;
    assert.deepEqual(open, { ports: [{ port: 'http' }] });
    assert.deepEqual(guarded.ports, [{ port: 'metrics' }]);
    const [{ namespaceSelector, podSelector }] = guarded.from;
    assert.deepEqual(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': 'monitoring' });
    assert.deepEqual(
      selected(podSelector.matchLabels, 'monitoring').map((each) => each.metadata.name),
      ['prometheus'],
    );
  });

  it('give every container limits, and a Prometheus the setup guide’s', () => {
    const resources = workloads.flatMap(({ spec }) => spec.template.spec.containers.map((each: Manifest) => each.resources));
    for (const { requests, limits } of resources) assert.ok(requests.cpu && requests.memory && limits.memory);
    const prometheuses = [
      named(workloads, 'prometheus').spec.template.spec.containers[0].resources,
      ofKind('Prometheus').find(({ spec }) => spec.resources).spec.resources,
    ];
    for (const each of prometheuses) assert.deepEqual(each, { requests: { cpu: '500m', memory: '512M' }, limits: { cpu: '1', memory: '1G' } });
  });
});

describe('The collector of the manifests', () => {
  const { spec } = named(workloads, 'otel-collector').spec.template;
  const [container] = spec.containers;
  const read = (file: string): Manifest => parse(fs.readFileSync(path.join(root, file), 'utf8'));
  const text = fs.readFileSync(path.join(root, 'otel-collector.yaml'), 'utf8');

  it('is that of compose: its image, and its gates', () => {
    const compose = read('compose/docker-compose.yml').services['otel-collector-remote'];
    assert.equal(container.image, compose.image);
    const gates = (args: string[]): string[] => args.filter((argument) => argument.startsWith('--feature-gates='));
    assert.deepEqual(gates(container.args), gates(compose.command));
  });

  it('has the ports of otel-collector.yaml, and sets only variables that it reads', () => {
    const listening = [...text.matchAll(/OTELCOL_HOST:-0\.0\.0\.0\}:(\d+)|^ +port: (\d+)$/gm)].map(([, host, port]) => Number(host ?? port));
    assert.deepEqual(
      container.ports.map(({ containerPort }: Manifest): number => containerPort).toSorted((a: number, b: number) => a - b),
      listening.toSorted((a, b) => a - b),
    );
    for (const { name } of container.env) assert.ok(text.includes(`\${env:${name}`), name);
  });

  it('keeps its queue on a volume, and its password in a file', () => {
    const env = environment(container);
    const mounted = (file: string): string => container.volumeMounts.find(({ mountPath }: Manifest) => file.startsWith(mountPath))?.name;
    const claims = named(workloads, 'otel-collector').spec.volumeClaimTemplates.map(({ metadata }: Manifest) => metadata.name);
    assert.deepEqual([mounted(env['OTELCOL_QUEUE_FOLDER']!)], claims);
    const volume = spec.volumes.find(({ name }: Manifest) => name === mounted(env['PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE']!));
    assert.equal(volume.secret.items[0].path, path.basename(env['PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE']!));
  });
});

describe('The generated manifests', () => {
  const read = (file: string): Manifest => parse(fs.readFileSync(path.join(root, file), 'utf8'));

  it('carry the rules of compose/, as a PrometheusRule and as files', () => {
    const groups = ['records', 'alerts'].flatMap((name) => read(`compose/prometheus_${name}.yml`).groups);
    assert.deepEqual(
      ofKind('PrometheusRule').map(({ spec }) => spec.groups),
      [groups],
    );
    const { data } = named(ofKind('ConfigMap'), 'prometheus-rules');
    assert.deepEqual(
      Object.values<string>(data).flatMap((text) => parse(text).groups),
      groups,
    );
    const operator = ofKind('Prometheus').find(({ spec }) => spec.ruleSelector);
    assert.ok(matches(operator.spec.ruleSelector.matchLabels, ofKind('PrometheusRule')[0].metadata.labels));
  });

  it('carry every dashboard under the label that Grafana’s sidecar collects, each within 1 MiB', () => {
    const folder = path.join(root, 'packages/monitoring/generated/dashboards');
    const maps = ofKind('ConfigMap').filter(({ metadata }) => metadata.labels?.grafana_dashboard === '1');
    const carried = Object.fromEntries(maps.flatMap(({ data }) => Object.entries<string>(data)));
    assert.deepEqual(Object.keys(carried).toSorted(), fs.readdirSync(folder).toSorted());
    for (const [name, json] of Object.entries(carried)) {
      assert.equal(json, fs.readFileSync(path.join(folder, name), 'utf8'));
      assert.ok(Buffer.byteLength(json) < 1 << 20, name);
    }
  });

  it('carry otel-collector.yaml', () => {
    const { data } = named(ofKind('ConfigMap'), 'otel-collector');
    assert.equal(data['config.yaml'], fs.readFileSync(path.join(root, 'otel-collector.yaml'), 'utf8'));
  });
});

describe('A pod of the manifests', () => {
  const running: App[] = [];
  afterEach(async () => {
    for (const app of running.splice(0)) await app.stop();
  });

  /** The container's command and environment with a program of ours. */
  async function start(name: string, program: string, added: Record<string, string> = {}): Promise<{ app: App; ports: Ports }> {
    const [container] = named(workloads, name).spec.template.spec.containers;
    const ports = await Ports.for(...container.ports.map(({ containerPort }: Manifest) => containerPort));
    const [node, ...rest] = container.command as string[];
    assert.equal(node, 'node');
    const env = { ...added, ...ports.in(environment(container)) };
    const app = await startApp(program, { flags: rest.slice(0, -1), env, silent: program === 'server-none.js' });
    running.push(app);
    return { app, ports };
  }

  const TOKEN = bearer('earntrack-metrics/token');

  it('serves its metrics on the port, the path and with the token of its monitor, and not on the API’s port', async () => {
    const { app, ports } = await start('earntrack-backend', 'recipe-app.cjs');
    const { port: metrics, path: file } = endpointOfService(ofKind('ServiceMonitor')[0]);
    assert.equal(await status(ports.of(3001), '/users/7'), 200);
    await answers(ports.of(metrics));
    const samples = await scrape(ports.of(metrics), file, TOKEN);
    assert.deepEqual(seriesOf(samples, 'http_requests_total'), { 'endpoint="/users/:id",method="GET",status="200"': 1 });
    assert.equal(await status(ports.of(metrics), file), 401);
    assert.equal(await status(ports.of(3001), file, TOKEN), 404);
    assert.deepEqual(app.log(), []);
  });

  it('answers its probes', async () => {
    const { app, ports } = await start('earntrack-backend', 'recipe-app.cjs');
    const [container] = named(workloads, 'earntrack-backend').spec.template.spec.containers;
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
      const { path: file, port: name } = container[probe].httpGet;
      const { containerPort } = container.ports.find((each: Manifest) => each.name === name);
      assert.equal(await status(ports.of(containerPort), file), 200, probe);
    }
    assert.deepEqual(app.log(), []);
  });

  it('without a server of its own serves its metrics all the same', async () => {
    const { app, ports } = await start('earntrack-worker', 'server-none.js');
    const { port: metrics, path: file } = endpointOfPods(ofKind('PodMonitor')[0]);
    await answers(ports.of(metrics));
    assert.ok((await scrape(ports.of(metrics), file, TOKEN)).has('process_start_time_seconds'));
    assert.deepEqual(app.log(), []);
  });

  it('is not led astray by the variables of a Service called metrics', async () => {
    const linked = {
      METRICS_SERVICE_HOST: '10.0.0.7',
      METRICS_SERVICE_PORT: '80',
      METRICS_PORT: 'tcp://10.0.0.7:80',
      METRICS_PORT_80_TCP: 'tcp://10.0.0.7:80',
    };
    assert.equal(named(workloads, 'earntrack-backend').spec.template.spec.enableServiceLinks, false);
    const { app, ports } = await start('earntrack-backend', 'recipe-app.cjs', linked);
    await answers(ports.of(9464));
    assert.ok((await scrape(ports.of(9464), '/metrics', TOKEN)).size > 0);
    assert.deepEqual(app.log(), []);
  });
});

interface Endpoint {
  readonly workload: string;
  readonly port: number;
  readonly path: string;
  readonly job: string;
}

const environmentOf = (spec: Manifest): Record<string, string> =>
  Object.assign({}, ...spec.template.spec.containers.map((container: Manifest) => (container.env ? environment(container) : {})));

/** From a monitor over the Service to the pod's port, as the operator goes. */
function endpointOfService({ spec, metadata }: Manifest): Endpoint {
  const [service, ...others] = services.filter(
    (each) => each.metadata.namespace === metadata.namespace && matches(spec.selector.matchLabels, each.metadata.labels),
  );
  assert.deepEqual(others, []);
  const [workload] = selected(service.spec.selector, service.metadata.namespace);
  const { targetPort } = service.spec.ports.find(({ name }: Manifest) => name === spec.endpoints[0].port);
  return endpoint(workload, targetPort, spec.endpoints[0], service.metadata.labels[spec.jobLabel]);
}

function endpointOfPods({ spec, metadata }: Manifest): Endpoint {
  const [workload, ...others] = selected(spec.selector.matchLabels, metadata.namespace);
  assert.deepEqual(others, []);
  return endpoint(workload, spec.podMetricsEndpoints[0].port, spec.podMetricsEndpoints[0], workload.spec.template.metadata.labels[spec.jobLabel]);
}

function endpoint(workload: Manifest, portName: string, { path: file }: Manifest, job: string): Endpoint {
  const { containerPort } = portsOf(workload).find(({ name }) => name === portName);
  return { workload: workload.metadata.name, port: containerPort, path: file, job };
}

/** `name/key`, or `name` where a whole Secret is mounted. */
function secretsIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const found = Object.entries(node).flatMap(([key, value]) => {
    if (key === 'secretName') return [String(value)];
    return ['secretKeyRef', 'credentials', 'username', 'password'].includes(key) ? [`${value.name}/${value.key}`] : secretsIn(value);
  });
  return found;
}
