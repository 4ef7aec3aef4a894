// The identity of the sender: the resource attributes of this process, from which Prometheus makes the labels job and instance.
// The preload asks nothing of the cloud and shows no command line, since either may hold secrets.

import { randomBytes } from 'node:crypto';
import os from 'node:os';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { sayOnce } from '../log';

/** The specification's name for a service without a name. */
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
 * A new id for each process, and for each start: two senders under the same name would overwrite each other. Host names alone are not enough,
 * since frozen copies of a function share the host name and the pid. Forked processes inherit a given id: workers of a cluster, which keep
 * their numbers, and further children.
 */
function instanceId(given: string | undefined): string {
  if (given === undefined) return `${os.hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;
  if (!process.connected) return given;
  const { worker } = require('node:cluster') as typeof import('node:cluster').default;
  return `${given}-${worker?.id ?? process.pid}`;
}
