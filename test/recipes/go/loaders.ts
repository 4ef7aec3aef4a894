// The recipes' files as those who run them load them: Docker Swarm, Compose, Kubernetes and prometheus-operator, by their own code.
// Run by `npm run test:go`.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { root } from '../../support/app';
import { manifestFiles, manifests } from '../../support/manifests';

const { TEST_RECIPE_CHECKS = '', TEST_COMPOSE_CHECK = '', TEST_PROMTOOL = '', PATH, HOME } = process.env;
const IMAGE = { BACKEND_IMAGE: 'registry.example.com/earntrack-backend:1.0.0' };
const REMOTE_WRITE = {
  PROMETHEUS_REMOTE_WRITE_URL: 'https://prometheus.example.com/api/prom/push?a="b"',
  PROMETHEUS_REMOTE_WRITE_USERNAME: '0123',
};

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(program, args, { env: { PATH, HOME, ...env }, encoding: 'utf8', maxBuffer: 1 << 26 });
}

function output({ status, stdout, stderr }: ReturnType<typeof run>): any {
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

describe('Kubernetes', () => {
  const check = (files: readonly string[]) => run(path.join(TEST_RECIPE_CHECKS, 'kubernetes-check'), files);

  it('takes every manifest, with no field that it does not know', () => {
    const kinds = output(check(manifestFiles())).map(({ kind }: { kind: string }) => kind);
    assert.deepEqual(
      kinds,
      manifests().map(({ kind }) => kind),
    );
    for (const kind of ['Deployment', 'NetworkPolicy', 'ServiceMonitor', 'PodMonitor', 'PrometheusRule', 'Prometheus'])
      assert.ok(kinds.includes(kind), kind);
  });

  it('would have refused a misspelt field, in its own objects and in the operator’s', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'manifests-'));
    for (const [name, wrong, right] of [
      ['backend.yaml', 'readinesProbe', 'readinessProbe'],
      ['monitors.yaml', 'scrapeTimeOut', 'scrapeTimeout'],
    ] as const) {
      const original = manifestFiles().find((file) => path.basename(file) === name)!;
      const file = path.join(folder, name);
      fs.writeFileSync(file, fs.readFileSync(original, 'utf8').replace(right, wrong));
      const { status, stderr } = check([file]);
      assert.notEqual(status, 0);
      assert.ok(stderr.includes(`unknown field "spec.`) && stderr.includes(wrong), stderr);
    }
    fs.rmSync(folder, { recursive: true });
  });
});

describe('Docker Swarm', () => {
  const files = (...added: string[]): string[] => ['swarm.yml', ...added].map((name) => path.join(root, 'compose', name));
  const check = (given: readonly string[], env: Readonly<Record<string, string>> = IMAGE) =>
    run(path.join(TEST_RECIPE_CHECKS, 'swarm-check'), given, env);
  const serviceOf = ({ stack }: any, name: string): any => stack.services[name];

  it('loads the stack, alone and with each file that goes beside it', () => {
    const names = ['alertmanager', 'backend', 'grafana', 'prometheus'];
    for (const added of [[], ['swarm.publish.yml'], ['swarm.remote-write.yml'], ['swarm.publish.yml', 'swarm.remote-write.yml']]) {
      assert.deepEqual(Object.keys(output(check(files(...added), { ...IMAGE, ...REMOTE_WRITE })).rendered).toSorted(), names);
    }
  });

  it('gives Prometheus the setup guide’s limits, reservations, volume and, if asked, port', () => {
    const prometheus = serviceOf(output(check(files('swarm.publish.yml'))), 'prometheus');
    assert.deepEqual(prometheus.deploy.resources, {
      limits: { cpus: '1', memory: String(1024 ** 3) },
      reservations: { cpus: '0.5', memory: String(512 * 1024 ** 2) },
    });
    assert.deepEqual(prometheus.volumes, [{ type: 'volume', source: 'prometheus_data', target: '/prometheus' }]);
    assert.deepEqual(prometheus.ports, [{ mode: 'ingress', target: 9090, published: 9090, protocol: 'tcp' }]);
    assert.equal(serviceOf(output(check(files())), 'prometheus').ports, undefined);
  });

  it('says which variable is missing', () => {
    assert.match(check(files(), {}).stderr, /BACKEND_IMAGE is missing a value: the image of the backend/);
    const half = { ...IMAGE, PROMETHEUS_REMOTE_WRITE_URL: REMOTE_WRITE.PROMETHEUS_REMOTE_WRITE_URL };
    assert.match(check(files('swarm.remote-write.yml'), half).stderr, /PROMETHEUS_REMOTE_WRITE_USERNAME is missing a value/);
  });

  it('makes a configuration that Prometheus takes, and that sends only where it is told to, without a password in it', () => {
    const text = (added: string[]): string =>
      output(check(files(...added), { ...IMAGE, ...REMOTE_WRITE })).rendered.prometheus['/etc/prometheus/prometheus.yml'];
    assert.equal(parse(text([])).remote_write, undefined);
    assert.deepEqual(parse(text(['swarm.remote-write.yml'])).remote_write, [
      {
        url: REMOTE_WRITE.PROMETHEUS_REMOTE_WRITE_URL,
        basic_auth: { username: '0123', password_file: '/run/secrets/prometheus_remote_write_password' },
        queue_config: { retry_on_http_429: true },
      },
    ]);
    for (const added of [[], ['swarm.remote-write.yml']]) checkConfig(text(added));
  });

  it('leaves the braces of the rules alone', () => {
    const { rendered } = output(check(files()));
    for (const name of ['prometheus_alerts.yml', 'prometheus_records.yml']) {
      assert.equal(rendered.prometheus[`/etc/prometheus/compose/${name}`], fs.readFileSync(path.join(root, 'compose', name), 'utf8'));
    }
  });

  it('shows every secret to the user of its image alone, where one is known', () => {
    const checked = output(check(files('swarm.remote-write.yml'), { ...IMAGE, ...REMOTE_WRITE }));
    for (const [name, uid] of [
      ['prometheus', '65534'],
      ['grafana', '472'],
    ] as const) {
      for (const secret of serviceOf(checked, name).secrets) assert.deepEqual([secret.uid, secret.mode], [uid, 0o400], secret.source);
    }
  });

  /** With stand-ins for the files that only a swarm has. */
  function checkConfig(text: string): void {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarm-'));
    const file = path.join(folder, 'prometheus.yml');
    fs.writeFileSync(path.join(folder, 'secret'), 'x');
    fs.cpSync(path.join(root, 'compose'), path.join(folder, 'compose'), { recursive: true });
    fs.writeFileSync(file, text.replaceAll(/\/run\/secrets\/\w+/g, 'secret'));
    const { status, stdout, stderr } = run(TEST_PROMTOOL, ['check', 'config', file]);
    assert.equal(status, 0, stdout + stderr);
    fs.rmSync(folder, { recursive: true });
  }
});

describe('Compose’s loader', () => {
  it('takes the stack files as well, and finds every file that they name', () => {
    const given = ['swarm.yml', 'swarm.publish.yml', 'swarm.remote-write.yml'].map((name) => path.join(root, 'compose', name));
    const { configs, services } = output(run(TEST_COMPOSE_CHECK, [path.join(root, 'compose'), ...given], { ...IMAGE, ...REMOTE_WRITE }));
    assert.deepEqual(Object.keys(services).toSorted(), ['alertmanager', 'backend', 'grafana', 'prometheus']);
    for (const { file } of Object.values<{ file: string }>(configs)) assert.ok(fs.existsSync(file), file);
  });
});
