import assert from 'node:assert/strict';
import { histogramQuantile } from '../src/figures/quantile';

const buckets = (...counts: number[]) => [10, 50, 100, Infinity].map((upTo, index) => ({ upTo, count: counts[index]! }));

describe('the 95th percentile of a histogram', () => {
  it('is interpolated within the bucket where it falls', () => {
    // The 95th of 100 is 15 of the 20 observations into the bucket from 50 to 100.
    assert.equal(histogramQuantile(0.95, buckets(60, 80, 100, 100)), 87.5);
  });

  it('is interpolated from 0 in the first bucket', () => {
    assert.equal(histogramQuantile(0.95, buckets(100, 100, 100, 100)), 9.5);
  });

  it('is the highest finite bound if it falls beyond it', () => {
    assert.equal(histogramQuantile(0.95, buckets(0, 0, 90, 100)), 100);
  });

  it('does not depend on the order of the buckets', () => {
    assert.equal(histogramQuantile(0.95, buckets(60, 80, 100, 100).toReversed()), 87.5);
  });

  it('is unknown where nothing was observed', () => {
    assert.equal(histogramQuantile(0.95, buckets(0, 0, 0, 0)), undefined);
    assert.equal(histogramQuantile(0.95, []), undefined);
  });
});
