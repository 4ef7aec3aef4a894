// The API: the routers, and the answer where no router answers.

import express, { type Express } from 'express';
import { errorHandler, notFound } from './http/error-handler';
import { earningsRouter } from './routes/earnings';
import { healthRouter } from './routes/health';
import { payoutsRouter } from './routes/payouts';
import { ratesRouter } from './routes/rates';
import { reportsRouter } from './routes/reports';
import { sessionRouter } from './routes/session';
import { usersRouter } from './routes/users';
import type { Services } from './services';

export function createApp(services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(express.json({ limit: '100kb' }));
  app.use('/health', healthRouter(services));
  app.use('/api/users', usersRouter(services));
  app.use('/api/earnings', earningsRouter(services));
  app.use('/api/payouts', payoutsRouter(services));
  app.use('/api/reports', reportsRouter(services));
  app.use('/api/rates', ratesRouter(services));
  app.use('/api/session', sessionRouter(services));
  app.use(notFound);
  app.use(errorHandler);
  return app;
}
