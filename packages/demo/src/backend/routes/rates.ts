import { Router } from 'express';
import { Fields } from '../http/fields';
import type { Services } from '../services';
import { findRates } from '../store/rates';
import { CURRENCIES } from '../store/users';

/** Mounted at /api/rates. */
export function ratesRouter({ database, cache }: Services): Router {
  const router = Router();

  router.get('/:base', async (request, response) => {
    const base = new Fields(request.params).oneOf('base', CURRENCIES);
    response.json(await cache.read(`rates:${base}`, 60, () => findRates(database, base)));
  });

  return router;
}
