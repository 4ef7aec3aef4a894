// The payment provider's sandbox: it takes its time, and pays nobody.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Payout } from './store/payouts';

export interface Payments {
  /** Sends the money. The payout's id makes it safe to try again. */
  send(payout: Payout): Promise<void>;
}

export const sandboxPayments: Payments = {
  async send() {
    await sleep(randomInt(80, 600));
  },
};
