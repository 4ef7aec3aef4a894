// The stack of compose/swarm.yml: its names and ports find one another, and its backend serves what its Prometheus scrapes. Docker's own
// loader reads it in `npm run test:go`.

import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { parse } from 'yaml';
import { fixtures, root } from '../support/app';
import { scrape, seriesOf } from '../support/exposition';
import { RECIPES } from '../support/manifests';
import { answers } from '../support/reachable';
import { bearer, Ports, status } from '../support/recipes';

const read = (file: string): any => parse(text(file));
const text = (file: string): string => fs.readFileSync(path.join(root, 'compose', file), 'utf8');

const stack = read('swarm.yml');
const prometheus = parse(text('swarm/prometheus.yml.tmpl').replaceAll(/^\{\{ (with|end)[^]*?\}\}$|\{\{.*?\}\}/gm, ''));
const backendJob = prometheus.scrape_configs.find(({ job_name }: { job_name: string }) => job_name === 'earntrack-backend');

describe('compose/swarm.yml', () => {
  it('names only files that exist, every rule file of its Prometheus, and every dashboard', () => {
    const files = Object.values<{ file: string }>(stack.configs).map(({ file }) => file);
    for (const file of files) assert.ok(fs.existsSync(path.join(root, 'compose', file)), file);
    const targets = stack.services.prometheus.configs.map(({ target }: { target: string }) => target);
    for (const file of prometheus.rule_files) assert.ok(targets.includes(`/etc/prometheus/${file}`), file);
    const dashboards = fs.readdirSync(path.join(root, 'packages/monitoring/generated/dashboards'));
    const shown = stack.services.grafana.configs.map(({ target }: { target: string }) => target);
    for (const name of dashboards) assert.ok(shown.includes(`/etc/grafana/dashboards/${name}`), name);
  });

  it('runs the images of docker-compose.yml', () => {
    const compose = read('docker-compose.yml');
    for (const name of ['prometheus', 'alertmanager', 'grafana']) {
      assert.equal(stack.services[name].image, compose.services[name].image.replace('-busybox', ''), name);
    }
  });

  it('uses only secrets that RECIPES.md has you make', () => {
    const page = fs.readFileSync(path.join(RECIPES, 'RECIPES.md'), 'utf8');
    const secrets = Object.keys({ ...stack.secrets, ...read('swarm.remote-write.yml').secrets });
    assert.equal(secrets.length, 3);
    for (const name of secrets) assert.match(page, new RegExp(`docker secret create ${name} -`), name);
  });

  it('looks for every replica of a service that there is, on a network that both are in, and on no published port', () => {
    const lookups = [...prometheus.alerting.alertmanagers, backendJob].flatMap(({ dns_sd_configs }: any) => dns_sd_configs);
    for (const { names, type } of lookups) {
      assert.equal(type, 'A');
      const service = stack.services[/^tasks\.(\w+)$/.exec(names[0])![1]!];
      assert.ok(
        service.networks.some((network: string) => stack.services.prometheus.networks.includes(network)),
        names[0],
      );
    }
    const [{ names, port }] = backendJob.dns_sd_configs;
    assert.deepEqual(names, ['tasks.backend']);
    assert.equal(String(port), stack.services.backend.environment.METRICS_PORT);
    assert.deepEqual(stack.services.backend.ports, [`${stack.services.backend.environment.PORT}:${stack.services.backend.environment.PORT}`]);
    assert.equal(stack.services.prometheus.ports, undefined);
  });

  it('starts a backend that serves its metrics where its Prometheus looks for them, with the token of the secret', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'swarm-'));
    const secret = path.join(folder, 'metrics_auth_token');
    fs.writeFileSync(secret, 'a token\n');
    const { command, environment } = stack.services.backend;
    const ports = await Ports.for(3001, 9464);
    const [shell, option, script] = command as [string, string, string];
    // As Compose hands it on: $$ is one $.
    const line = script
      .replaceAll('$$', '$')
      .replace('/run/secrets/metrics_auth_token', secret)
      .replace('dist/main.js', path.join(fixtures, 'recipe-app.cjs'));
    assert.ok(line.includes(secret) && line.includes('recipe-app.cjs'));
    const app = spawn(shell, [option, line], { cwd: root, env: { PATH: process.env['PATH'], TMPDIR: os.tmpdir(), ...ports.in(environment) } });
    try {
      await answers(ports.of(3001));
      await answers(ports.of(9464));
      assert.equal(await status(ports.of(3001), '/users/7'), 200);
      const samples = await scrape(ports.of(backendJob.dns_sd_configs[0].port), backendJob.metrics_path, bearer('a token'));
      assert.equal(seriesOf(samples, 'http_requests_total')['endpoint="/users/:id",method="GET",status="200"'], 1);
      assert.equal(await status(ports.of(9464), backendJob.metrics_path), 401);
      assert.equal(await status(ports.of(3001), backendJob.metrics_path, bearer('a token')), 404);
    } finally {
      // `exec`: the shell has become the app.
      app.kill('SIGKILL');
      fs.rmSync(folder, { recursive: true });
    }
  });
});
