// Which modules, files and versions OpenTelemetry's instrumentations of pg and ioredis look at. That is its knowledge; the patches are ours.
//
// The bundler runs this file, and puts in its place what it exports (scripts/bundle.mjs): no app loads the instrumentations for these lines.

import type { InstrumentationBase } from '@opentelemetry/instrumentation';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

export interface StockFile {
  /** A package, or `package/path/in/it.js`. */
  readonly name: string;
  readonly supportedVersions: readonly string[];
}

export interface StockModule extends StockFile {
  readonly files: readonly StockFile[];
}

export const pgModules = modulesOf(new PgInstrumentation({ enabled: false }));
export const ioredisModules = modulesOf(new IORedisInstrumentation({ enabled: false }));

function modulesOf(instrumentation: InstrumentationBase): readonly StockModule[] {
  return instrumentation.getModuleDefinitions().map(({ files, ...module }) => ({ ...named(module), files: files.map(named) }));
}

function named({ name, supportedVersions }: StockFile): StockFile {
  return { name, supportedVersions };
}
