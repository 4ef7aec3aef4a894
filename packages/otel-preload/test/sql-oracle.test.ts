import assert from 'node:assert/strict';
import { loadModule } from 'pgsql-parser';
import { describeStatement } from '../src/sql/statement';
import { CORPUS, DIFFERENCES } from './sql-corpus';
import { describeByParser } from './sql-parse-tree';

describe('The SQL reader against the parser of PostgreSQL', () => {
  before(async () => loadModule());

  const statements = Object.values(CORPUS).flat();
  it('has a corpus of at least 200 different statements', () => {
    assert.ok(new Set(statements).size >= 200, `${new Set(statements).size} statements`);
  });

  for (const [source, texts] of Object.entries(CORPUS)) {
    it(`agrees on all ${texts.length} statements: ${source}`, () => {
      const differing = texts.map(compare).filter((each) => each !== undefined);
      assert.deepEqual(differing, []);
    });
  }

  it('differs where the list of differences says so, and only there', () => {
    const agreeing = Object.keys(DIFFERENCES).filter((sql) => compare(sql) === undefined);
    assert.deepEqual(agreeing, [], 'these agree again: take them off the list');
    console.log(`      ${statements.length} statements agree, ${Object.keys(DIFFERENCES).length} differ as explained`);
  });
});

function compare(sql: string): object | undefined {
  const { queryType, table } = describeStatement(sql);
  const parsed = describeByParser(sql);
  return queryType === parsed.queryType && table === parsed.table ? undefined : { sql, read: { queryType, table }, parsed };
}
