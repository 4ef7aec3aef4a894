// The Compose files as far as they can be judged without Docker. Compose's own loader reads them in `npm run test:go`.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { alertNames } from '../src/alerts';
import { config } from '../src/config';
import { ROOT } from '../src/generate/disk';

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly extra_hosts?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly healthcheck?: object;
  readonly restart?: string;
  readonly deploy?: { readonly resources: { readonly limits: { readonly cpus: string; readonly memory: string } } };
}

const read = (file: string): any => parse(fs.readFileSync(path.join(ROOT, file), 'utf8'));
const compose = read('compose/docker-compose.yml') as { services: Record<string, Service>; networks: object; volumes: object };
const services = Object.entries(compose.services);

const MIMIR = ['mimir-1', 'mimir-2', 'mimir-3'];
/** Those that cannot answer: the images of the collector and of Mimir hold nothing else, and the others end before what they prepare begins. */
const SILENT = new Set([...MIMIR, 'otel-collector', 'otel-collector-remote', 'collector-queue', 'remote-write-check', 'remote-write-config']);

/** With the values that variables have if nobody sets them. */
const byDefault = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

/** The bind mounts of a service: a path in the repository, and where it is seen. */
const mounts = (service: Service): (readonly [source: string, target: string])[] =>
  (service.volumes ?? []).filter((volume) => volume.startsWith('.')).map((volume) => byDefault(volume).split(':') as [string, string]);

describe('compose/docker-compose.yml', () => {
  it('is what `docker compose up -d` finds in the root', () => {
    assert.deepEqual(read('docker-compose.yml').include, ['compose/docker-compose.yml']);
  });

  it('mounts only files that exist, and read-only', () => {
    for (const [name, service] of services) {
      for (const [source] of mounts(service)) assert.ok(fs.existsSync(path.join(ROOT, 'compose', source)), `${name}: ${source}`);
      assert.ok(
        (service.volumes ?? []).every((volume) => !volume.startsWith('.') || volume.endsWith(':ro')),
        name,
      );
    }
  });

  it('shows Prometheus its rule files where prometheus.yml names them, seen from either place', () => {
    const seen = mounts(compose.services.prometheus!);
    for (const file of read('prometheus.yml').rule_files as string[]) {
      assert.ok(fs.existsSync(path.join(ROOT, file)), file);
      const [source] = seen.find(([, target]) => target === path.posix.join('/etc/prometheus', file)) ?? [];
      assert.equal(source && path.join('compose', source), file);
    }
  });

  it('publishes nothing beyond loopback', () => {
    for (const [name, { ports = [] }] of services) for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/, name);
    assert.deepEqual(compose.services.prometheus!.ports, ['127.0.0.1:9090:9090']);
    assert.deepEqual(compose.services.grafana!.ports, ['127.0.0.1:3000:3000']);
  });

  it('pins every image, limits every service, and asks each that can answer whether it is well', () => {
    for (const [name, { image, deploy, healthcheck }] of services) {
      if (image) assert.match(image, /:v?\d+\.\d+(\.\d+)?(-\w+)?$|^postgres:18-alpine$/, name);
      assert.ok(deploy?.resources.limits.cpus && deploy.resources.limits.memory, name);
      assert.equal(healthcheck !== undefined, !SILENT.has(name), name);
    }
  });

  it('keeps 30 days, within a bound of space', () => {
    const command = compose.services.prometheus!.command!;
    assert.ok(command.includes('--storage.tsdb.retention.time=${PROMETHEUS_RETENTION_TIME:-30d}'));
    assert.ok(command.some((argument) => argument.startsWith('--storage.tsdb.retention.size=')));
  });

  it('is the setup guide’s Grafana: admin/admin unless told otherwise, no sign-up, nobody anonymous', () => {
    const { environment } = compose.services.grafana!;
    assert.equal(environment!.GF_SECURITY_ADMIN_USER, '${GRAFANA_ADMIN_USER:-admin}');
    assert.equal(environment!.GF_SECURITY_ADMIN_PASSWORD, '${GRAFANA_ADMIN_PASSWORD:-admin}');
    assert.equal(environment!.GF_USERS_ALLOW_SIGN_UP, 'false');
    assert.equal(environment!.GF_AUTH_ANONYMOUS_ENABLED, 'false');
  });

  it('reaches the host on Linux, too, and the backend and the collector only if they are asked for', () => {
    assert.deepEqual(compose.services.prometheus!.extra_hosts, ['${HOST_NAME_IN_CONTAINERS:-host.docker.internal}:host-gateway']);
    const started = services.filter(([, { profiles }]) => profiles === undefined).map(([name]) => name);
    assert.deepEqual(started, ['prometheus', 'alertmanager', 'grafana']);
  });

  it('starts both collectors with the shipped file, and keeps the batch that is answered with 429', () => {
    for (const name of ['otel-collector', 'otel-collector-remote']) {
      const { volumes, command, image } = compose.services[name]!;
      assert.equal(image, 'otel/opentelemetry-collector-contrib:0.155.0');
      assert.deepEqual(volumes, ['../otel-collector.yaml:/etc/otelcol-contrib/config.yaml:ro', 'collector_queue:/var/lib/otelcol']);
      assert.deepEqual(command, ['--config=/etc/otelcol-contrib/config.yaml', '--feature-gates=+exporter.prometheusremotewritexporter.RetryOn429']);
    }
  });

  it('gives every name that prometheus.yml looks up to a service', () => {
    const aliases = services.flatMap(([, { networks = [] }]) =>
      Array.isArray(networks) ? [] : Object.values(networks).flatMap(({ aliases: names = [] }) => names),
    );
    const { alerting, scrape_configs } = read('prometheus.yml');
    const lookups = [...alerting.alertmanagers, ...scrape_configs].flatMap(({ dns_sd_configs = [] }) =>
      dns_sd_configs.flatMap(({ names }: { names: string[] }) => names),
    );
    assert.equal(lookups.length, 2);
    for (const name of lookups) assert.ok(aliases.includes(name.replace(/\.$/, '')), name);
  });
});

describe('Mimir in compose', () => {
  const mimir = read('compose/mimir.yml');

  it('is three nodes of one configuration, each with a disk and a name of its own, and one name for all', () => {
    assert.deepEqual(mimir.memberlist.join_members, MIMIR);
    const nodes = MIMIR.map((name) => compose.services[name]!);
    assert.equal(new Set(nodes.map(({ image }) => image)).size, 1);
    assert.equal(new Set(nodes.map(({ volumes }) => volumes!.find((volume) => volume.endsWith(':/data')))).size, 3);
    for (const { command, networks } of nodes) {
      assert.deepEqual(command, ['-config.file=/etc/mimir/mimir.yml', '-config.expand-env=true']);
      assert.deepEqual(networks, { monitoring: { aliases: ['mimir'] } });
    }
    assert.deepEqual([mimir.ingester.ring.replication_factor, mimir.store_gateway.sharding_ring.replication_factor], [3, 3]);
  });

  it('hands the nodes every variable that their configuration names, and the store the same keys', () => {
    const text = fs.readFileSync(path.join(ROOT, 'compose/mimir.yml'), 'utf8');
    const named = [...text.matchAll(/\$\{(\w+)/g)].map(([, name]) => name!).sort();
    assert.deepEqual(Object.keys(compose.services['mimir-1']!.environment!).sort(), named);
    const { environment, command } = compose.services['object-store']!;
    assert.equal(environment!.AWS_ACCESS_KEY_ID, compose.services['mimir-1']!.environment!.MIMIR_S3_ACCESS_KEY_ID);
    assert.equal(environment!.AWS_SECRET_ACCESS_KEY, compose.services['mimir-1']!.environment!.MIMIR_S3_SECRET_ACCESS_KEY);
    assert.ok(command!.includes('-bucket=mimir'));
  });
});

describe('Grafana’s provisioning', () => {
  it('has the setup guide’s data source under a fixed uid', () => {
    const [prometheus] = read('compose/grafana/datasources.yml').datasources;
    assert.deepEqual([prometheus.uid, prometheus.url, prometheus.isDefault], [config.datasourceUid, 'http://prometheus:9090', true]);
  });

  it('has the same one at Mimir', () => {
    const { datasources, ...others } = read('compose/grafana/datasources.yml');
    const [prometheus, ...rest] = datasources;
    const mimir = { ...prometheus, url: 'http://mimir:8080/prometheus', jsonData: { ...prometheus.jsonData, prometheusType: 'Mimir' } };
    assert.deepEqual(read('compose/grafana/datasources-mimir.yml'), { ...others, datasources: [mimir, ...rest] });
  });

  it('loads the dashboards from where they are mounted', () => {
    const [provider] = read('compose/grafana/dashboards.yml').providers;
    const [source] = mounts(compose.services.grafana!).find(([, target]) => target === provider.options.path)!;
    const home = compose.services.grafana!.environment!.GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH!;
    assert.ok(fs.existsSync(path.join(ROOT, 'compose', source, path.basename(home))));
  });
});

describe('compose/alertmanager.yml', () => {
  const { route, receivers, inhibit_rules } = read('compose/alertmanager.yml');

  it('sends every alert to a receiver that there is', () => {
    const names = receivers.map(({ name }: { name: string }) => name);
    for (const { receiver } of [route, ...route.routes]) assert.ok(names.includes(receiver), receiver);
  });

  it('mutes what follows from a target that is down, on that target', () => {
    const [rule] = inhibit_rules;
    assert.deepEqual([rule.source_matchers, rule.equal], [['alertname="TargetDown"'], ['job', 'instance']]);
  });

  it('names only alerts that there are', () => {
    const named = JSON.stringify([route, inhibit_rules])
      .match(/alertname[!=~]+\\"[^"]+\\"/g)!
      .flatMap((matcher) => matcher.split('\\"')[1]!.split('|'));
    for (const name of named) assert.ok((alertNames as readonly string[]).includes(name), name);
  });
});
