import { metric } from '@earntrack/otel-preload/metrics';
import { Router } from 'express';
import { Fields } from '../http/fields';
import { NotFound } from '../http/http-error';
import { PLATFORMS } from '../platforms';
import type { Services } from '../services';
import { addEarnings, latestEarnings, listEarnings } from '../store/earnings';
import { findUser } from '../store/users';

/** Mounted at /api/users/:id/earnings. */
export function userEarningsRouter({ database, live }: Services): Router {
  const router = Router({ mergeParams: true });

  router.get('/', async (request, response) => {
    const userId = new Fields(request.params).integer('id');
    const limit = new Fields(request.query).integer('limit', { max: 200, fallback: 50 });
    response.json(await listEarnings(database, userId, limit));
  });

  router.post('/', async (request, response) => {
    const userId = new Fields(request.params).integer('id');
    const body = new Fields(request.body);
    const platform = body.oneOf('platform', PLATFORMS);
    const given = { platform, amountCents: body.integer('amountCents'), earnedOn: body.day('earnedOn') };
    if (!(await findUser(database, userId))) throw new NotFound('user');
    const [earning] = await addEarnings(database, userId, [given]);
    metric('earnings_processed_total').add(1, { platform });
    live.publish({ type: 'earning', earning: earning! });
    response.status(201).json(earning);
  });

  return router;
}

/** Mounted at /api/earnings. */
export function earningsRouter({ database, jobs }: Services): Router {
  const router = Router();

  router.get('/latest', async (request, response) => {
    response.json(await latestEarnings(database, new Fields(request.query).integer('limit', { max: 100, fallback: 20 })));
  });

  router.post('/import', async (request, response) => {
    const body = new Fields(request.body);
    await jobs.add('import-earnings', { userId: body.integer('userId'), platform: body.oneOf('platform', PLATFORMS) });
    response.status(202).json({ accepted: true });
  });

  return router;
}
