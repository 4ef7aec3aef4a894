import assert from 'node:assert/strict';
import { LabelTable } from '../src/labels/label-table';
import { collectGarbage } from './instruments-rig';

/** The same numbers in every run: what fails can be looked at again. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const rowOf = (table: LabelTable, values: readonly string[]): number =>
  values.length > 3 ? table.rowOfAll(values) : table.rowOf(values[0], values[1], values[2]);

describe('The table of label values', () => {
  for (const labels of [0, 1, 2, 3, 4, 6]) {
    it(`has one row for each combination of ${labels} labels, and knows its values again`, () => {
      const names = Array.from({ length: labels }, (_, label) => `label_${label}`);
      const table = new LabelTable(names, (_, value) => value);
      const expected = new Map<string, number>();
      const random = numbers(labels + 1);
      for (let round = 0; round < 20_000; round += 1) {
        const values = names.map((_, label) => `v${Math.floor(random.next().value * 4 ** (label + 1))}`);
        const key = values.join();
        const row = rowOf(table, values);
        assert.equal(row, expected.get(key) ?? expected.size, `${key} in round ${round}`);
        expected.set(key, row);
        assert.equal(table.rowOfAll(values), row);
      }
      assert.equal(table.size, expected.size);
      for (const [key, row] of expected) assert.equal(names.map((_, label) => table.value(row, label)).join(), key);
    });
  }

  it('takes what is missing for empty, and does not see what is over', () => {
    const table = new LabelTable(['a', 'b'], (_, value) => value);
    assert.equal(table.rowOfAll(['x']), table.rowOf('x', ''));
    assert.equal(table.rowOf('x', '', 'over'), table.rowOf('x'));
    assert.equal(table.size, 1);
  });

  it('asks about each value once while it is admitted, and each time when it is not', () => {
    const asked: string[] = [];
    const table = new LabelTable(['a', 'b'], (label, value, known) => {
      asked.push(`${label} ${value} ${known.size}`);
      return value.startsWith('bad') ? 'other' : value;
    });
    for (let time = 0; time < 2; time += 1) table.rowOf('good', 'bad1');
    assert.deepEqual(asked, ['0 good 0', '1 bad1 0', '1 bad1 1']);
    assert.equal(table.rowOf('good', 'bad2'), table.rowOf('good', 'other'));
    assert.equal(table.size, 1);
  });

  it('does not keep alive the text that a value was cut out of', () => {
    const kept = new LabelTable(['a'], (_, value) => value);
    const used = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = used();
    // Each cut is 20 characters of a text of 100 KB.
    for (let index = 0; index < 1000; index += 1) kept.rowOf(Buffer.alloc(100_000, `${index} `).toString().slice(50, 70));
    assert.ok(used() - before < 10e6, `${used() - before} bytes`);
    assert.ok(kept.size > 100);
  });
});
