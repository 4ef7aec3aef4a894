import { Router } from 'express';
import { Unauthorized } from '../http/http-error';
import type { Services } from '../services';
import { useSession } from '../store/sessions';

const BEARER = /^Bearer ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i;
const CACHED_SECONDS = 30;

/** Mounted at /api/session: whose session the bearer token is. */
export function sessionRouter({ database, cache }: Services): Router {
  const router = Router();

  router.get('/', async (request, response) => {
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]?.toLowerCase();
    const session = token && (await cache.readHash(`session:${token}`, CACHED_SECONDS, () => useSession(database, token)));
    if (!session) throw new Unauthorized();
    response.json(session);
  });

  return router;
}
