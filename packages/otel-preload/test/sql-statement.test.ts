import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import { describeStatement, QUERY_TYPES } from '../src/sql/statement';
import { CORPUS } from './sql-corpus';

const statements = Object.values(CORPUS).flat();

describe('The labels of a query', () => {
  it('are type and main table, folded as PostgreSQL folds them', () => {
    assert.deepEqual(describeStatement('SELECT * FROM app.Users u'), { queryType: 'select', table: 'users' });
    assert.deepEqual(describeStatement('insert into "Users" values (1)'), { queryType: 'insert', table: 'Users' });
    assert.deepEqual(describeStatement('COMMIT'), { queryType: 'other', table: 'none' });
  });

  it('are the same when the text comes again, also after thousands of others', () => {
    const first = describeStatement('SELECT * FROM kept WHERE id = $1');
    for (let i = 0; i < 5000; i += 1) describeStatement(`SELECT * FROM t${i % 7} WHERE id = ${i}`);
    assert.deepEqual(describeStatement('SELECT * FROM kept WHERE id = $1'), first);
  });

  it('do not keep a script alive of which the texts are slices', () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 100; i += 1) {
      const script = Buffer.alloc(512 * 1024, `SELECT ${i} FROM scripted; `).toString('latin1');
      describeStatement(script.slice(0, 20));
    }
    collect();
    const kept = process.memoryUsage().heapUsed - before;
    assert.ok(kept < 25 * 1024 * 1024, `${kept} bytes are kept of 50 MiB`);
  });

  it('come out of a closed list of types', () => {
    for (const sql of statements) assert.ok(QUERY_TYPES.includes(describeStatement(sql).queryType), sql);
  });

  it('are other and none for what is no text', () => {
    for (const odd of [undefined, null, 42, {}, Buffer.from('SELECT 1 FROM users'), Symbol('x')]) {
      assert.deepEqual(describeStatement(odd), { queryType: 'other', table: 'none' });
    }
  });
});

describe('The SQL reader on hostile text', () => {
  it('never throws on truncated and mutated statements, and keeps to names and types', () => {
    const next = pseudoRandom(20261124);
    for (let round = 0; round < 40_000; round += 1) {
      const text = mutate(statements[next(statements.length)]!, next);
      const { queryType, table } = describeStatement(text);
      assert.ok(QUERY_TYPES.includes(queryType), text);
      assert.ok(Buffer.byteLength(table) <= 63 && table !== '', text);
    }
  });

  it('survives nesting that would end the stack', () => {
    for (const unit of ['(', 'SELECT (', 'SELECT * FROM (', '((SELECT 1) UNION ', 'WITH a AS (', '/*', '[', 'SELECT * FROM a, (']) {
      assert.doesNotThrow(() => describeStatement(unit.repeat(1000)));
    }
  });

  it('finds the table of a bulk insert of megabytes from its beginning', () => {
    const sql = `INSERT INTO earnings VALUES ${"(1, 'x'), ".repeat(500_000)}(1, 'y')`;
    assert.deepEqual(describeStatement(sql), { queryType: 'insert', table: 'earnings' });
  });

  it('gives up a FROM that lies beyond the limit, and never a name that the limit cuts in two', () => {
    const padding = 16 * 1024 - 'SELECT  FROM earn'.length;
    const sql = `SELECT ${'1'.repeat(padding)} FROM earnings WHERE true`;
    assert.deepEqual(describeStatement(sql), { queryType: 'select', table: 'none' });
  });

  it('reads a chain of expressions that read from each other twice without doubling its work at each link', () => {
    const links = Array.from({ length: 60 }, (_, i) => `c${i + 1} AS (SELECT * FROM c${i} a, c${i} b)`);
    const sql = `WITH c0 AS (SELECT 1), ${links.join(', ')} SELECT * FROM c60, users`;
    assert.deepEqual(describeStatement(sql), { queryType: 'select', table: 'users' });
  });
});

function mutate(sql: string, next: (below: number) => number): string {
  const at = next(sql.length + 1);
  switch (next(4)) {
    case 0:
      return sql.slice(0, at);
    case 1:
      return sql.slice(at);
    case 2:
      return sql.slice(0, at) + '\'"$(/*-.;\\\u00e9 \udc00'.charAt(next(13)) + sql.slice(at);
    default:
      return sql.slice(0, at) + statements[next(statements.length)]!.slice(next(20)) + sql.slice(at + next(10));
  }
}

/** A linear congruential generator: the same texts in every run. */
function pseudoRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
