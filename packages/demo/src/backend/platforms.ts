// The platforms that people earn on. Their sandboxes stand in for their APIs here: they answer after a while, with earnings made up.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const PLATFORMS = ['uber', 'lyft', 'doordash', 'upwork'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** A platform's news of a trip, an order or a contract. */
export interface NewEarning {
  platform: Platform;
  amountCents: number;
  earnedOn: string;
  /** The platform's own id, by which the store recognises an earning imported before. */
  externalId?: string;
}

export interface Platforms {
  /** A user's recent earnings on a platform, the same earnings again and again. */
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
