// The last two handlers of the app: for requests without an answer, and for exceptions.

import type { ErrorRequestHandler, RequestHandler } from 'express';
import { NotFound } from './http-error';

export const notFound: RequestHandler = (request) => {
  throw new NotFound(`${request.method} ${request.path}`);
};

/** An error with a status tells the fault; every further error is a 500, is logged, and tells the client nothing about our insides. */
export const errorHandler: ErrorRequestHandler = (error: Error, request, response, next) => {
  const status = statusOf(error);
  if (status === 500) console.error(`${request.method} ${request.originalUrl}: ${error.stack ?? error}`);
  if (response.headersSent) return next(error);
  response.status(status).json({ error: status === 500 ? 'internal error' : error.message });
};

/** Errors of Express itself, such as malformed JSON, carry a status like ours. */
function statusOf(error: Error & { status?: unknown }): number {
  return typeof error.status === 'number' && error.status >= 400 && error.status < 600 ? error.status : 500;
}
