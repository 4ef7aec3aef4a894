// The work of each job. A job may run more than once: every job is safe to repeat.

import { metric } from '@earntrack/otel-preload/metrics';
import type { Services } from '../services';
import { addEarnings } from '../store/earnings';
import { findPayout, settlePayout } from '../store/payouts';
import { monthByPlatform, saveReport } from '../store/reports';
import type { JobName, Jobs } from './queue';

type Processors = { [N in JobName]: (data: Jobs[N], services: Services) => Promise<void> };

export const processors: Processors = {
  async 'import-earnings'({ userId, platform }, { database, platforms, live }) {
    const fetched = await platforms.fetchEarnings(userId, platform);
    const added = await addEarnings(database, userId, fetched);
    metric('earnings_processed_total').add(added.length, { platform });
    for (const earning of added) live.publish({ type: 'earning', earning });
  },

  async 'send-payout'({ payoutId }, { database, payments, live }) {
    const payout = await findPayout(database, payoutId);
    if (payout?.status !== 'pending') return;
    await payments.send(payout);
    await settlePayout(database, payout.id, 'sent');
    live.publish({ type: 'payout', payout: { ...payout, status: 'sent' } });
  },

  async 'build-report'({ userId, month }, { database }) {
    await saveReport(database, userId, month, await monthByPlatform(database, userId, month));
  },
};

type GivenUp = { [N in JobName]?: (data: Jobs[N], services: Services) => Promise<void> };

/** The work left after the last failed attempt. */
export const givenUp: GivenUp = {
  'send-payout': ({ payoutId }, { database }) => settlePayout(database, payoutId, 'failed'),
};
