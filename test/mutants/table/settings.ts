import type { Mutant } from '../mutant';

export const settings: readonly Mutant[] = [
  {
    name: 'env-disable-ignored',
    breaks: 'METRICS_DISABLE leaves nothing out.',
    file: 'packages/otel-preload/src/config/settings.ts',
    find: `disabled: read('METRICS_DISABLE') ?? new Set(),`,
    replace: `disabled: new Set([...(read('METRICS_DISABLE') ?? [])].slice(0, 0)),`,
    fails: [['test/preload/environment.test.ts', 'METRICS_DISABLE leaves families out']],
  },
  {
    name: 'env-dotenv-overrules',
    breaks: 'What .env says overrules the real environment.',
    file: 'packages/otel-preload/src/config/dotenv-file.ts',
    find: '.filter(([name]) => isBlank(environment[name]))',
    replace: '.filter(([name]) => isBlank(environment[name]) || name !== undefined)',
    fails: [
      ['packages/otel-preload/test/config.test.ts', 'is overruled by the environment'],
      ['test/preload/environment.test.ts', 'gives way to the environment'],
    ],
  },
  {
    name: 'env-empty-overrules',
    breaks: 'A variable that the environment sets to nothing overrules that of .env, the token too.',
    file: 'packages/otel-preload/src/config/dotenv-file.ts',
    find: '.filter(([name]) => isBlank(environment[name]))',
    replace: '.filter(([name]) => isBlank(environment[name]) && environment[name] === undefined)',
    fails: [
      ['packages/otel-preload/test/config.test.ts', 'decides on every variable that the environment sets to nothing ("")'],
      ['test/preload/environment.test.ts', 'also where that sets it to nothing'],
    ],
  },
  {
    name: 'env-blank-token-without-a-word',
    breaks: 'A token that is there, but blank, leaves the metrics open without a word.',
    file: 'packages/otel-preload/src/config/settings.ts',
    find: 'if (given !== undefined && token === undefined)',
    replace: `if (given === 'never')`,
    fails: [['packages/otel-preload/test/config.test.ts', 'is not there, and one line says so, if it is empty in the environment']],
  },
  {
    name: 'env-off-loads-opentelemetry',
    breaks: 'Switched off, the preload loads OpenTelemetry all the same.',
    file: 'packages/otel-preload/src/start.ts',
    find: `const config = readConfig();
    if (!config.enabled) return;
    (require('./boot') as typeof import('./boot')).boot(config);`,
    replace: `const { boot } = require('./boot') as typeof import('./boot');
    const config = readConfig();
    if (config.enabled) boot(config);`,
    fails: [['test/preload/off.test.ts', 'because PROMETHEUS_ENABLED is not set, it replaces nothing, begins nothing and loads no OpenTelemetry']],
  },
  {
    name: 'env-off-only-for-false',
    breaks: 'Any value of PROMETHEUS_ENABLED but a false one switches the preload on.',
    file: 'packages/otel-preload/src/config/index.ts',
    find: 'return value === true;',
    replace: 'return value !== false;',
    fails: [['packages/otel-preload/test/config.test.ts', 'stays off for anything else, and says so']],
  },
  {
    name: 'env-written',
    breaks: 'What .env says is written to the environment of the app.',
    file: 'packages/otel-preload/src/config/index.ts',
    find: `if (!switchedOn(all, say)) return OFF;`,
    replace: `if (!switchedOn(all, say)) return OFF;
  Object.assign(process.env, all);`,
    fails: [
      ['packages/otel-preload/test/config.test.ts', 'changes nothing in the environment itself'],
      ['test/preload/environment.test.ts', 'configures the preload, which leaves process.env to the app'],
    ],
  },
  {
    name: 'pm2-apps-as-one',
    breaks: 'Two apps of one PM2 are taken for workers of one.',
    file: 'packages/otel-preload/src/workers/folder.ts',
    find: `.update(pm2Worker(process.env)?.program ?? [process.cwd(), ...process.argv.slice(1)].join('\\0'))`,
    replace: `.update(pm2Worker({})?.program ?? [process.cwd(), ...process.argv.slice(1)].join('\\0'))`,
    fails: [['test/recipes/pm2.test.ts', 'keeps the requests of another app of the same PM2 apart']],
  },
  {
    name: 'pm2-environment-missed',
    breaks: `A cluster worker of PM2 is measured only if PM2 itself was given the app's environment.`,
    file: 'packages/otel-preload/src/config/index.ts',
    find: 'const worker = pm2Worker(environment);',
    replace: 'const worker = pm2Worker({});',
    fails: [['test/recipes/pm2.test.ts', 'counts the requests of all workers together, whichever is scraped']],
  },
];
