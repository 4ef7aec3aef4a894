// Connections of ours that an SDK in the app must not trace: a socket, and the look-up of its name, would each be a root span of the app's.

import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Runs `work`, and all that follows from it, out of sight of whatever traces by OpenTelemetry. */
export function untraced<T>(work: () => T): T {
  return context.with(suppressTracing(context.active()), work);
}
