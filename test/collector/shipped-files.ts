// Each shipped configuration is one that the collector takes.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { root } from '../support/app';

describe("The collector's shipped files", () => {
  it('are all valid', () => {
    const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/collector.mjs'), '--check'], { encoding: 'utf8' });
    assert.deepEqual([status, stderr], [0, '']);
  });
});
