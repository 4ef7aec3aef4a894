// POST /faults/<name>?seconds=15 turns a fault on. Mounted by the demo alone, and answered on loopback alone.

import { type RequestHandler, Router } from 'express';
import { Fields } from '../backend/http/fields';
import { FAULTS, type Switchboard } from './switchboard';

const LOOPBACK = /^(::1|(::ffff:)?127\.)/;

const onlyLoopback: RequestHandler = (request, response, next) => {
  if (LOOPBACK.test(request.socket.remoteAddress ?? '')) return next();
  response.status(403).json({ error: 'faults are for this machine alone' });
};

export function faultsRouter(faults: Switchboard): Router {
  const router = Router();
  router.post('/:fault', onlyLoopback, (request, response) => {
    const fault = new Fields(request.params).oneOf('fault', FAULTS);
    const seconds = new Fields(request.query).integer('seconds', { max: 3_600, fallback: 15 });
    faults.turnOn(fault, seconds);
    response.status(202).json({ fault, seconds });
  });
  return router;
}
