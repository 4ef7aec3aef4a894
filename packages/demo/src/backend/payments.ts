// The payment provider: its API where there is any, else a stand-in that takes its time, and pays nobody.

import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Payout } from './store/payouts';

export interface Payments {
  /** Sends the money. The payout's id makes a second attempt safe. */
  send(payout: Payout): Promise<void>;
}

const TIMEOUT_MS = 5_000;

export function openPayments(url: string | undefined): Payments {
  return url === undefined ? standIn : providersApi(url);
}

const standIn: Payments = {
  async send() {
    await sleep(randomInt(80, 600));
  },
};

function providersApi(url: string): Payments {
  return {
    async send({ id, amountCents }) {
      const response = await fetch(new URL('/payments', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `payout-${id}` },
        body: JSON.stringify({ amountCents }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`the payment provider answered ${response.status}`);
    },
  };
}
