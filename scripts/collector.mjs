// The collector of collector/manifest.yaml, built once into the cache folder.
// Usage: node scripts/collector.mjs           prints the path of the program, and builds it first if it is not there
//        node scripts/collector.mjs --check   also has it validate the shipped configurations
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { builtFrom, go, installInto } from './go-programs.mjs';

const source = path.resolve(import.meta.dirname, '../collector');
const SOURCES = ['manifest.yaml', 'retryrefused/go.mod', 'retryrefused/extension.go'];
/** Without the tag every cloud's service discovery is compiled in, one package of which takes 3.4 GB. */
const TAGS = 'remove_all_sd,enable_dns_sd';

/** The path of the program. Building takes about five minutes, once for each change of its sources. */
export async function collector() {
  const sources = SOURCES.map((name) => path.join(source, name));
  const folder = await builtFrom('collector', sources, build);
  return path.join(folder, 'otelcol');
}

async function build(folder) {
  const work = fs.mkdtempSync(path.join(os.tmpdir(), 'collector-'));
  try {
    const manifest = fs.readFileSync(path.join(source, 'manifest.yaml'), 'utf8');
    const version = /^ {2}version: (\S+)$/m.exec(manifest)[1];
    await installInto(work, [`go.opentelemetry.io/collector/cmd/builder@v${version}`], work);
    await generate(path.join(work, 'builder'), path.join(work, 'source'));
    await go(['mod', 'tidy', '-e'], { cwd: path.join(work, 'source') });
    const flags = ['-trimpath', '-ldflags=-s -w', '-tags', TAGS];
    await go(['build', ...flags, '-o', path.join(folder, 'otelcol'), '.'], { cwd: path.join(work, 'source') });
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** The builder's own `go mod tidy` fails on a module that only tests of its dependencies use, after all is written. */
async function generate(builder, folder) {
  const args = ['--config', 'manifest.yaml', '--skip-compilation', '--output-path', folder];
  const failure = await promisify(execFile)(builder, args, { cwd: source, maxBuffer: 2 ** 26 }).catch((thrown) => thrown);
  if (!fs.existsSync(path.join(folder, 'go.mod'))) throw new Error(`the collector's builder wrote nothing: ${failure.stderr}`);
}

/** The shipped configurations, as lists of `--config`; keep-refused.yaml is for this build alone. */
const MAIN = 'otel-collector.yaml';
const CONFIGURATIONS = [
  [MAIN],
  [MAIN, 'collector/keep-refused.yaml'],
  [MAIN, 'collector/scrape.yaml'],
  [MAIN, 'collector/serverless.yaml'],
  [MAIN, 'collector/serverless.yaml', 'collector/scrape.yaml'],
  ['collector/grafana-cloud-otlp.yaml'],
];

/** What the configurations ask for. */
const SETTINGS = {
  PROMETHEUS_REMOTE_WRITE_URL: 'https://receiver.example/api/v1/write',
  SERVERLESS_HTPASSWD_FILE: '/run/secrets/htpasswd',
  GRAFANA_CLOUD_OTLP_ENDPOINT: 'https://otlp-gateway.example/otlp',
  GRAFANA_CLOUD_INSTANCE_ID: '0123456',
  GRAFANA_CLOUD_TOKEN_FILE: '/run/secrets/token',
};

function check(program) {
  const wrong = CONFIGURATIONS.filter((files) => {
    const args = ['validate', ...files.flatMap((file) => ['--config', file])];
    const { status, stderr } = spawnSync(program, args, { cwd: path.dirname(source), env: { ...process.env, ...SETTINGS }, encoding: 'utf8' });
    if (status !== 0) console.error(`${files.join(' + ')}: ${stderr}`);
    return status !== 0;
  });
  process.exitCode = wrong.length > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  collector().then(
    (program) => (process.argv.includes('--check') ? check(program) : console.log(program)),
    ({ message }) => {
      console.error(message);
      process.exitCode = 1;
    },
  );
}
