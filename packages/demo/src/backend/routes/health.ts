import { Router } from 'express';
import type { Services } from '../services';

/** 200 while the API can do its work. Redis only makes the API faster: without Redis the API is still healthy. */
export function healthRouter({ database, cache }: Services): Router {
  const router = Router();
  router.get('/', async (_request, response) => {
    const up = await database.query('SELECT 1').then(
      () => true,
      () => false,
    );
    response.status(up ? 200 : 503).json({ status: up ? 'ok' : 'unavailable', database: up, redis: (await cache.ping()) ?? 'off' });
  });
  return router;
}
