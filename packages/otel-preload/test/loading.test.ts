// Which files of which packages are shown to hooks, and in which versions.

import assert from 'node:assert/strict';
import type { InstrumentationBase } from '@opentelemetry/instrumentation';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import type { Hook, HookContext } from '../src/hooks/hook';
import { ioredis } from '../src/hooks/ioredis';
import { pg } from '../src/hooks/pg';
import { packageOf, placeOf } from '../src/loading/packages';
import { inRange } from '../src/loading/version-range';

describe('A file in node_modules', () => {
  it('is known by its package and its path there, the innermost one', () => {
    assert.deepEqual(placeOf('/srv/node_modules/pg/lib/client.js'), { name: 'pg', file: 'pg/lib/client.js' });
    assert.deepEqual(placeOf('/a/node_modules/.pnpm/koa@3/node_modules/koa/lib/x.js'), { name: 'koa', file: 'koa/lib/x.js' });
    assert.deepEqual(placeOf('/a/node_modules/b/node_modules/@opentelemetry/api/build/index.js')?.name, '@opentelemetry/api');
    assert.deepEqual(placeOf('C:\\app\\node_modules\\@opentelemetry\\api\\index.js'), {
      name: '@opentelemetry/api',
      file: '@opentelemetry/api/index.js',
    });
  });

  it('elsewhere is in no package', () => {
    for (const file of ['/srv/app.js', '/srv/node_modules', '/srv/node_modules/a', '/srv/my_node_modules/a/b.js'])
      assert.equal(placeOf(file), undefined);
  });

  it('brings the version of its own package, and its main file', () => {
    const file = require.resolve('pg');
    assert.deepEqual(packageOf(file), { name: 'pg', version: require('pg/package.json').version as string, main: file });
    const scoped = require.resolve('@opentelemetry/api');
    assert.equal(packageOf(scoped).main, scoped);
  });
});

/** Each file with its versions, in order. */
function stockModules(instrumentation: InstrumentationBase): string[] {
  const modules = instrumentation.getModuleDefinitions().flatMap((module) => [module, ...module.files]);
  return modules.map(({ name, supportedVersions }) => `${name} ${supportedVersions.join(' || ')}`).toSorted();
}

function ourModules(hook: Hook): string[] {
  const context = { config: { disabled: new Set() }, instruments: { observe() {} } } as unknown as HookContext;
  return hook(context)
    .map(({ name, versions }) => `${name} ${versions}`)
    .toSorted();
}

describe('The files and versions that are shown', () => {
  it('to the pg hook are those of OpenTelemetry’s instrumentation', () => {
    assert.deepEqual(ourModules(pg), stockModules(new PgInstrumentation({ enabled: false })));
  });

  it('to the ioredis hook are those of OpenTelemetry’s instrumentation', () => {
    assert.deepEqual(ourModules(ioredis), stockModules(new IORedisInstrumentation({ enabled: false })));
  });
});

describe('A range of versions', () => {
  const ranges: readonly [range: string, inside: readonly string[], outside: readonly string[]][] = [
    ['>=4.0.0 <5', ['4.0.0', '4.22.1', '4.0.0-beta.1'], ['3.9.9', '5.0.0', '5.0.0-rc.1', '10.0.0']],
    ['>=8.0.3 <9', ['8.0.3', '8.10.0'], ['8.0.2', '9.0.0']],
    ['>=1.3.0 <2', ['1.10.0', '1.3.0+build.5'], ['1.2.9', '2.0.0']],
    ['*', ['0.0.1'], []],
  ];
  for (const [range, inside, outside] of ranges) {
    it(range, () => {
      for (const version of inside) assert.equal(inRange(version, range), true, version);
      for (const version of outside) assert.equal(inRange(version, range), false, version);
    });
  }

  it('of another form is refused rather than misread', () => {
    for (const range of ['^1.0.0', '>1.0.0', '1.x', '>=1.0.0 || >=2.0.0']) assert.throws(() => inRange('1.5.0', range), /is not understood/);
  });
});
