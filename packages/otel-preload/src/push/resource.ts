// Who pushes: the resource attributes of this process, from which Prometheus makes the labels job and instance.
// Nothing is asked of the cloud, and no command line is shown, since both the one and the other may hold secrets.

import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { sayOnce } from '../log';

/** What the specification has for a service without a name. */
const NAMELESS = 'unknown_service:node';

/** @param given by OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, which win */
export function resourceOf(given: Readonly<Record<string, string>>): Resource {
  if (given['service.name'] === undefined) {
    sayOnce('service name', `OTEL_SERVICE_NAME is not set: what is pushed belongs to job "${NAMELESS}"; set it to the name of the app`);
  }
  return resourceFromAttributes({
    'service.name': NAMELESS,
    'host.name': os.hostname(),
    'process.pid': process.pid,
    'process.runtime.name': 'nodejs',
    'process.runtime.version': process.versions.node,
    ...given,
    'service.instance.id': instanceId(given['service.instance.id']),
  });
}

/**
 * Another one for each process, and for each start of it: two that push under one name would overwrite each other. Host names alone
 * are not enough, since frozen copies of one function share theirs, and the pid. A given one is inherited by whatever is forked: workers of
 * a cluster, which keep their numbers, and other processes.
 */
function instanceId(given: string | undefined): string {
  if (given === undefined) return `${os.hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  if (!process.connected) return given;
  const { worker } = require('node:cluster') as typeof import('node:cluster').default;
  return `${given}-${worker?.id ?? process.pid}`;
}
