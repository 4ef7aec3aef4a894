// The backend as the demo runs the API: with faults in the services and a router to turn them on.

import express from 'express';
import { createApp } from '../backend/app';
import { readConfig } from '../backend/config';
import { errorHandler } from '../backend/http/error-handler';
import { serve, stopOnSignals } from '../backend/serve';
import { openServices } from '../backend/services';
import { flushRepeatedly, withFaults } from './faulty-services';
import { type BookRequest, GuestBook } from '../visitors/guest-book';
import { faultsRouter } from './router';
import { Switchboard } from './switchboard';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const faults = new Switchboard();
  const services = withFaults(await openServices(config), faults);
  flushRepeatedly(services.cache, config.redisPrefix, faults);
  const book = new GuestBook(process.env.LOAD_DRIVER_SECRET);
  const app = express();
  app.use(book.receive);
  app.use('/faults', faultsRouter(faults), errorHandler);
  app.use(createApp(services));
  const running = await serve(app, services, config.port);
  book.watchSockets(running.server);
  // Asked by the demo, which looks into the book.
  process.on('message', (ask: BookRequest) => {
    if (ask.hold) book.hold();
    process.send!(book.page());
  });
  process.once('SIGTERM', () => book.release());
  stopOnSignals(running);
  // The demo may be killed: its end of the channel then closes, and nothing may be left running.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}

main().catch((error: Error) => {
  console.error(`not started: ${error.message}`);
  process.exit(1);
});
