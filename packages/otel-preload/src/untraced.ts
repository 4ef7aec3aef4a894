// Hides the preload's connections from an SDK in the app: the SDK would trace a socket, and the look-up of its name, each as a root span.

import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';

/** Runs `work`, with all later steps of the work, out of sight of tracing by OpenTelemetry. */
export function untraced<T>(work: () => T): T {
  return context.with(suppressTracing(context.active()), work);
}
