import { Router } from 'express';
import { Fields } from '../http/fields';
import type { Services } from '../services';
import { allByPlatform, listReports, monthByPlatform } from '../store/reports';

/** Long enough to take the load off, short enough that nobody waits for a new earning to show up. */
const CACHED_SECONDS = 5;

/** Mounted at /api/users/:id/reports. */
export function userReportsRouter({ database, cache, jobs }: Services): Router {
  const router = Router({ mergeParams: true });

  router.get('/', async (request, response) => {
    response.json(await listReports(database, new Fields(request.params).integer('id')));
  });

  router.get('/:month', async (request, response) => {
    const path = new Fields(request.params);
    const [userId, month] = [path.integer('id'), path.month('month')];
    const platforms = await cache.read(`report:${userId}:${month}`, CACHED_SECONDS, () => monthByPlatform(database, userId, month));
    response.json({ userId, month, platforms });
  });

  router.post('/', async (request, response) => {
    const userId = new Fields(request.params).integer('id');
    await jobs.add('build-report', { userId, month: new Fields(request.body).month('month') });
    response.status(202).json({ accepted: true });
  });

  return router;
}

/** Mounted at /api/reports. */
export function reportsRouter({ database, cache }: Services): Router {
  const router = Router();

  router.get('/platforms/:month', async (request, response) => {
    const month = new Fields(request.params).month('month');
    const platforms = await cache.read(`report:all:${month}`, CACHED_SECONDS, () => allByPlatform(database, month));
    response.json({ month, platforms });
  });

  return router;
}
