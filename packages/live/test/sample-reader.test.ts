import assert from 'node:assert/strict';
import { History, SampleReader } from '../src';

const read = (text: string): unknown[] =>
  [...new SampleReader(new History(1000), new Set(['open', 'up'])).read(text)].map(([{ name, labels }, value]) => [name, labels, value]);

describe('The reader of samples', () => {
  it('takes those without labels wherever they stand, after the last one with labels, too', () => {
    assert.deepEqual(read('up 1\nopen{pool="a"} 2\nup 3\n# the end\nup 4'), [
      ['up', {}, 1],
      ['open', { pool: 'a' }, 2],
      ['up', {}, 3],
      ['up', {}, 4],
    ]);
  });

  it('is not misled by what looks like the end of labels within one', () => {
    assert.deepEqual(read('open{pool="a} 9",name="\\"} 8"} 2 1700000000000\n'), [['open', { pool: 'a} 9', name: '"} 8' }, 2]]);
  });
});
