// `npm run test:go`: what needs programs that are built with Go. Prometheus 3 runs the rules and their tests,
// and with Alertmanager the alerts in a real run; the loaders of Compose, Docker Swarm and Kubernetes
// read the files; the collector takes what is pushed, and loses nothing; Mimir's configuration is held
// to its own description.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { collector } from './collector.mjs';
import { alertmanager, composeCheck, prometheus3, recipeChecks } from './go-programs.mjs';

const root = path.resolve(import.meta.dirname, '..');
const TESTS = [
  ...['alerts.test.js', 'rules-in-prometheus.test.js', 'go/compose.js'].map((name) => path.join('packages/monitoring/dist/test', name)),
  'test/dist/rehearsal/*.test.js',
  'test/dist/collector/*.js',
  'packages/scale/dist/test/mimir/keys.js',
  'test/dist/recipes/go/*.js',
];

async function main() {
  const [folder, compose, recipes] = [await prometheus3(), await composeCheck(), await recipeChecks()];
  const otelcol = await collector();
  const programs = [folder, await alertmanager(), process.env.PATH];
  const env = {
    ...process.env,
    PATH: programs.join(path.delimiter),
    TEST_PROMTOOL: path.join(folder, 'promtool'),
    TEST_COMPOSE_CHECK: compose,
    TEST_OTELCOL: otelcol,
    TEST_RECIPE_CHECKS: recipes,
  };
  const mocha = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...TESTS, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  mocha.on('close', (code) => (process.exitCode = code ?? 1));
}

main().catch(({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
