// The Compose files as Compose itself loads them, with its own library. Run by `npm run test:go`.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../src/generate/disk';

interface Project {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
}

interface Service {
  readonly command: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly extra_hosts: readonly string[];
  readonly ports: readonly { readonly host_ip: string; readonly published: string }[];
  readonly secrets?: readonly { readonly source: string }[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly volumes: readonly { readonly type: string; readonly source: string }[];
}

function load(options: readonly string[] = [], variables: NodeJS.ProcessEnv = {}, file = 'docker-compose.yml'): Project {
  const { TEST_COMPOSE_CHECK: program = '', PATH, HOME } = process.env;
  const output = execFileSync(program, [...options, path.dirname(path.join(ROOT, file)), path.join(ROOT, file)], {
    env: { PATH, HOME, ...variables },
    encoding: 'utf8',
    stdio: 'pipe',
  });
  return JSON.parse(output) as Project;
}

describe('docker compose', () => {
  it('loads the same from the root and from compose/', () => {
    assert.deepEqual(Object.keys(load().services), ['alertmanager', 'grafana', 'prometheus']);
    assert.deepEqual(load([], {}, 'compose/docker-compose.yml'), load());
    assert.equal(load().name, 'earntrack-monitoring');
  });

  it('finds every file that it mounts, and publishes on loopback, in every profile', () => {
    for (const profile of ['', 'backend', 'collector', 'collector-remote', 'remote-write', 'mimir']) {
      for (const [name, { volumes = [], ports = [] }] of Object.entries(load(profile ? ['--profile', profile] : []).services)) {
        for (const { type, source } of volumes) if (type === 'bind') assert.ok(fs.existsSync(source), `${name}: ${source}`);
        for (const { host_ip } of ports) assert.equal(host_ip, '127.0.0.1', name);
      }
    }
  });

  it('adds the collector, or the backend with its database and its Redis, when told', () => {
    assert.deepEqual(Object.keys(load(['--profile', 'collector']).services), [
      'alertmanager',
      'collector-queue',
      'grafana',
      'otel-collector',
      'prometheus',
    ]);
    const { services } = load(['--env-file', path.join(ROOT, 'compose/backend.env')]);
    assert.deepEqual(Object.keys(services), ['alertmanager', 'backend', 'grafana', 'postgres', 'prometheus', 'redis']);
    // The backend has taken the name that the host has otherwise.
    assert.deepEqual(services.prometheus!.extra_hosts, ['docker-host.internal=host-gateway']);
    assert.deepEqual(load().services.prometheus!.extra_hosts, ['host.docker.internal=host-gateway']);
  });

  it('hands the password of remote write over as a secret, and shows it nowhere', () => {
    const variables = {
      PROMETHEUS_REMOTE_WRITE_URL: 'https://receiver.example/api/v1/write',
      PROMETHEUS_REMOTE_WRITE_USERNAME: '0123456',
      PROMETHEUS_REMOTE_WRITE_PASSWORD: 's3cr3t',
    };
    for (const profile of ['collector-remote', 'remote-write']) {
      const project = load(['--profile', profile], variables);
      assert.ok(!JSON.stringify(project).includes('s3cr3t'));
      const told = Object.values(project.services).filter(
        ({ environment }) => environment?.PROMETHEUS_REMOTE_WRITE_URL === variables.PROMETHEUS_REMOTE_WRITE_URL,
      );
      assert.equal(told.length, 2);
      for (const { environment, secrets } of told) {
        assert.deepEqual([environment.PROMETHEUS_REMOTE_WRITE_USERNAME, environment.PROMETHEUS_REMOTE_WRITE_PASSWORD], ['0123456', undefined]);
        assert.deepEqual(
          secrets!.map(({ source }) => `/run/secrets/${source}`),
          [environment.PROMETHEUS_REMOTE_WRITE_PASSWORD_FILE],
        );
      }
    }
  });

  it('starts what sends elsewhere only once the address and the password are found to be right', () => {
    const after = (service?: Service): unknown => service?.depends_on?.['remote-write-check'];
    const completed = { condition: 'service_completed_successfully', required: true };
    assert.deepEqual(after(load(['--profile', 'collector-remote']).services['otel-collector-remote']), completed);
    const { services } = load(['--env-file', path.join(ROOT, 'compose/remote-write.env')]);
    assert.deepEqual(after(services['remote-write-config']), completed);
    assert.deepEqual(services.prometheus!.depends_on, { 'remote-write-config': { ...completed, required: false } });
    assert.ok(services.prometheus!.command!.includes('--config.file=/etc/prometheus/remote-write/prometheus.yml'));
  });

  it('has Prometheus send to Mimir, and Grafana read from it, by one file of variables', () => {
    const { services } = load(['--env-file', path.join(ROOT, 'compose/mimir.env')]);
    for (const name of ['mimir-1', 'mimir-2', 'mimir-3', 'object-store', 'remote-write-config']) assert.ok(services[name], name);
    assert.ok(services.prometheus!.command!.includes('--config.file=/etc/prometheus/remote-write/prometheus.yml'));
    assert.equal(services['remote-write-config']!.environment.PROMETHEUS_REMOTE_WRITE_URL, 'http://mimir:8080/api/v1/push');
    const datasources = ({ volumes }: Service): string => path.basename(volumes.find(({ source }) => source.includes('datasources'))!.source);
    assert.equal(datasources(services.grafana!), 'datasources-mimir.yml');
    assert.equal(datasources(load().services.grafana!), 'datasources.yml');
    const elsewhere = load(['--profile', 'mimir'], { MIMIR_S3_ENDPOINT: 's3.example', MIMIR_S3_INSECURE: 'false' }).services['mimir-2']!.environment;
    assert.deepEqual([elsewhere.MIMIR_S3_ENDPOINT, elsewhere.MIMIR_S3_INSECURE, elsewhere.MIMIR_S3_BUCKET], ['s3.example', 'false', 'mimir']);
  });

  it('takes passwords and retention from the environment', () => {
    const { prometheus, grafana } = load([], {
      GRAFANA_ADMIN_PASSWORD: 'p$ss "word"',
      PROMETHEUS_RETENTION_TIME: '15d',
      PROMETHEUS_RETENTION_SIZE: '20GB',
    }).services;
    assert.equal(grafana!.environment.GF_SECURITY_ADMIN_PASSWORD, 'p$ss "word"');
    assert.ok(prometheus!.command!.includes('--storage.tsdb.retention.time=15d'));
    assert.ok(prometheus!.command!.includes('--storage.tsdb.retention.size=20GB'));
  });

  it('warns of the password admin, and of no other', () => {
    const [shell, option, script] = load().services.grafana!.entrypoint as [string, string, string];
    const started = (password: string) => {
      const here = script.replace('exec /run.sh', 'echo started').replace('>&2', '');
      return execFileSync(shell, [option, here], { env: { GF_SECURITY_ADMIN_PASSWORD: password }, encoding: 'utf8' });
    };
    assert.match(started('admin'), /^WARNING: .*GRAFANA_ADMIN_PASSWORD.*\nstarted\n$/);
    assert.equal(started('another'), 'started\n');
  });
});
