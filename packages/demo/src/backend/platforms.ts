// The platforms that people earn on. Their sandboxes stand in for their APIs here: they answer after a while, with earnings made up.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEarning } from './store/earnings';

export const PLATFORMS = ['uber', 'lyft', 'doordash', 'upwork'] as const;
export type Platform = (typeof PLATFORMS)[number];

export interface Platforms {
  /** What a user earned on a platform lately, the same earnings again and again. */
  fetchEarnings(userId: number, platform: Platform): Promise<NewEarning[]>;
}

export const sandboxPlatforms: Platforms = {
  async fetchEarnings(userId, platform) {
    await sleep(randomInt(50, 400));
    const earnedOn = new Date().toISOString().slice(0, 10);
    const first = Math.floor(Date.now() / 10_000);
    return Array.from({ length: 12 }, (_, index) => ({
      platform,
      externalId: `${userId}-${first + index}`,
      amountCents: randomInt(400, 9_000),
      earnedOn,
    }));
  },
};
