import { Router } from 'express';
import { Fields } from '../http/fields';
import { Conflict, NotFound, ServiceUnavailable } from '../http/http-error';
import type { Services } from '../services';
import { findPayout, listPayouts, requestPayout, settlePayout } from '../store/payouts';

/** Mounted at /api/users/:id/payouts. */
export function userPayoutsRouter({ database, jobs }: Services): Router {
  const router = Router({ mergeParams: true });

  router.get('/', async (request, response) => {
    response.json(await listPayouts(database, new Fields(request.params).integer('id')));
  });

  router.post('/', async (request, response) => {
    const userId = new Fields(request.params).integer('id');
    const amountCents = new Fields(request.body).integer('amountCents', { min: 100 });
    if (!jobs.place) throw new ServiceUnavailable('payouts are switched off: REDIS_URL is not set');
    const payout = await requestPayout(database, userId, amountCents);
    if (!payout) throw new Conflict('amountCents exceeds the balance');
    await jobs.add('send-payout', { payoutId: payout.id }).catch(async (error: Error) => {
      await settlePayout(database, payout.id, 'failed');
      throw error;
    });
    response.status(202).location(`/api/payouts/${payout.id}`).json(payout);
  });

  return router;
}

/** Mounted at /api/payouts. */
export function payoutsRouter({ database }: Services): Router {
  const router = Router();

  router.get('/:id', async (request, response) => {
    const payout = await findPayout(database, new Fields(request.params).integer('id'));
    if (!payout) throw new NotFound('payout');
    response.json(payout);
  });

  return router;
}
