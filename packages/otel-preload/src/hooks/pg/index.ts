// node-postgres 8 (pg, pg.native and pg-pool): the time of each query, and the connections of each pool.
//
// The modules, files and versions are those of OpenTelemetry's instrumentation; its patches are not used. They build a span and
// its attributes for each query, record under the text's first word (`SELECT\n`, `/*`, `WITH`), and do not see cursors.

import { guarded } from '../../log';
import type { PgClient, PgPool } from './client';
import { Pools } from './pools';
import type { RecordQuery } from './query-call';
import { timedQuery } from './timed-query';
import { replaceMethod } from '../../patch';
import type { Hook } from '../hook';

const PG = '>=8.0.3 <9';

interface ClassOf<T> {
  readonly prototype: T;
}

export const pg: Hook = ({ config, instruments }) => {
  if (config.disabled.has('database')) return [];
  const pools = new Pools();
  instruments.observe('database_pool_connections', (observe) => pools.read(observe));
  const record: RecordQuery = (seconds, queryType, table) => instruments.duration('db.client.operation.duration', seconds, queryType, table);
  const seeClient = onceFor((client: PgClient) => seeQueries(client, record));
  const seePool = onceFor((pool: PgPool) => seeConnects(pool, pools));
  const patchPool = patch((exports) => seePool(exports as ClassOf<PgPool>));
  const patchPackage = patch((exports) => seeClient((exports as { Client?: ClassOf<PgClient> }).Client));
  const patchFile = patch((exports) => seeClient(exports as ClassOf<PgClient>));
  return [
    { name: 'pg', versions: PG, patch: patchPackage },
    { name: 'pg/lib/client.js', versions: PG, patch: patchFile },
    { name: 'pg/lib/native/client.js', versions: PG, patch: patchFile },
    { name: 'pg-pool', versions: '>=2.0.0 <4', patch: patchPool },
  ];
};

function patch(see: (exports: unknown) => void): (exports: object) => object {
  return (exports) => {
    guarded('the pg hook', () => see(fromImport(exports) ? exports.default : exports));
    return exports;
  };
}

function fromImport(exports: object): exports is { default: unknown } {
  return (exports as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] === 'Module';
}

/** Each class is met through its file and through the package; several versions of the package may be loaded. */
function onceFor<T extends object>(see: (prototype: T) => void): (owner: ClassOf<T> | undefined) => void {
  const seen = new WeakSet<T>();
  return (owner) => {
    if (owner?.prototype === undefined || seen.has(owner.prototype)) return;
    seen.add(owner.prototype);
    see(owner.prototype);
  };
}

function seeQueries(client: PgClient, record: RecordQuery): void {
  replaceMethod(client, 'query', (query) => timedQuery(query, record));
}

function seeConnects(pool: PgPool, pools: Pools): void {
  replaceMethod(
    pool,
    'connect',
    (connect) =>
      function (this: PgPool, ...args) {
        const result: unknown = Reflect.apply(connect, this, args);
        guarded('the pg pool hook', () => pools.add(this));
        return result;
      },
  );
}
