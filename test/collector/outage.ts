// The receiver is down, slow, overloaded, cuts connections, hangs, rejects one batch and refuses the password; the collector is killed.

import assert from 'node:assert/strict';
import { MAIN } from './support/collector';
import { outage } from './support/outage';

describe('An outage behind the collector', () => {
  it('loses nothing that the collector took, but the batch that the receiver rejects', async function () {
    this.timeout(300_000);
    const { sent, acknowledged, lost, foreign, dropped, poisonStored } = await outage({
      files: [MAIN, 'collector/keep-refused.yaml'],
      everyMs: 200,
      downFor: 40,
    });
    assert.deepEqual({ lost, foreign, dropped, poisonStored }, { lost: 0, foreign: 0, dropped: 1, poisonStored: 0 });
    assert.ok(acknowledged < sent, 'the collector was never away');
  });
});
