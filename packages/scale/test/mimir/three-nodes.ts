// Three nodes of Mimir under load, with compose/mimir.yml. Run by `npm run test:scale`, which knows whether there is a Mimir to run.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { JOB } from '../../src/fleet';
import { type Cluster, type Node, startCluster } from '../../src/mimir/cluster';
import type { Mimir } from '../../src/mimir/here';
import { startSteadyLoad, type SteadyLoad } from '../../src/mimir/steady-load';
import { resultOf } from '../../src/query';

/** How many rounds of load each phase is under. */
const ROUNDS = Number(process.env.TEST_MIMIR_ROUNDS ?? 20);
const ANSWER_MS = 120_000;

describe('Three nodes of Mimir with replication 3, under load', function () {
  this.timeout(600_000);
  let cluster: Cluster;
  let load: SteadyLoad;
  before(async () => {
    cluster = await startCluster(JSON.parse(process.env.TEST_MIMIR!) as Mimir);
    load = startSteadyLoad(cluster.nodes);
  });
  after(async () => {
    await load?.stop();
    await cluster?.stop();
  });

  const node = (index: number): Node => cluster.nodes[index]!;

  /** A node that cannot answer may say so, for a while; one that answers must not leave anything out. */
  async function everyNodeIsComplete(): Promise<void> {
    for (const { alive, url, name } of cluster.nodes) if (alive) await isComplete(url, name);
  }

  async function isComplete(url: string, name: string): Promise<void> {
    for (const end = Date.now() + ANSWER_MS; ; await sleep(500)) {
      const { taken } = load;
      const answer = await storedAt(url).catch((thrown: Error) => thrown);
      if (typeof answer === 'number')
        return assert.ok(answer >= taken, `${name} answers with ${answer} samples; ${taken} were taken before it was asked`);
      assert.ok(Date.now() < end, `${name} does not answer: ${answer.message}`);
    }
  }

  it('answer completely, each of them', async () => {
    await load.more(ROUNDS);
    await everyNodeIsComplete();
  });

  it('take all and miss nothing while the first is dead', async () => {
    await node(0).kill();
    await load.more(ROUNDS);
    await everyNodeIsComplete();
  });

  it('miss nothing once it is back', async () => {
    await node(0).start();
    await load.more(ROUNDS);
    await everyNodeIsComplete();
  });

  it('miss nothing while another is dead, although the first was not there for a part of it', async () => {
    await node(1).kill();
    await load.more(ROUNDS);
    await everyNodeIsComplete();
    await node(1).start();
  });

  it('have stored every sample once, in the end', async () => {
    await load.more(1);
    await load.stop();
    for (const { url } of cluster.nodes) assert.equal(await storedAt(url), load.taken);
  });
});

/** Every sample that a node finds. */
async function storedAt(url: string): Promise<number> {
  const found = await resultOf(`${url}/prometheus/api/v1/query`, `{job="${JOB}"}[1h]`);
  return found.reduce((sum, { values }) => sum + (values?.length ?? 0), 0);
}
