// BullMQ 4, 5 and 6: the jobs ended by this process' workers, the time of each attempt, and the depth of their queues.
//
// A worker reports the ends of its jobs on its own emitter, sandboxed jobs included. Jobs taken by hand by the app
// (`getNextJob`, `moveToCompleted`) are not reported there, and not counted.

import type { Instruments } from '../../instruments';
import { OTHER } from '../../labels/label-caps';
import { guarded } from '../../log';
import { ownConnections } from '../ioredis/own-connections';
import { QueueDepth, type QueueWorker } from './queue-depth';
import { queueKeys } from '../../jobs/queue-keys';
import { replaceMethod } from '../../patch';
import type { Hook } from '../hook';

/** The label of jobs without a name. */
const NAMELESS = '__default__';

interface Job {
  readonly name: string;
  /** The time of the job's end; not set on a failure with a further attempt to come. */
  readonly finishedOn?: number | null;
  /** The reason for failing the job without running the job: too many stalls, or a failed child. */
  readonly deferredFailure?: string;
}

interface BullMQ {
  readonly Worker: { readonly prototype: { emit(this: QueueWorker, event: string, ...args: unknown[]): boolean } };
  readonly QueueKeys: { readonly prototype: { readonly prefix: string; getKeys(name: string): unknown } };
}

export const bullmq: Hook = ({ config, instruments }) => {
  const jobs = config.disabled.has('jobs') ? undefined : new Jobs(instruments);
  const patch = (exports: BullMQ): BullMQ => {
    guarded('bullmq', () => learnKeys(exports));
    if (jobs !== undefined) guarded('bullmq', () => seeWorkers(exports, jobs));
    return exports;
  };
  return [{ name: 'bullmq', versions: '>=4.0.0 <7', patch }];
};

/** Every queue, worker and flow of this process names its keys once: the cache's counts leave them out. */
function learnKeys({ QueueKeys }: BullMQ): void {
  replaceMethod(
    QueueKeys.prototype,
    'getKeys',
    (getKeys) =>
      function (this: { prefix: string }, name: string) {
        queueKeys.add(this.prefix, name);
        return getKeys.call(this as BullMQ['QueueKeys']['prototype'], name);
      },
  );
}

function seeWorkers({ Worker }: BullMQ, jobs: Jobs): void {
  replaceMethod(
    Worker.prototype,
    'emit',
    (emit) =>
      function (this: QueueWorker, event, ...args) {
        guarded('seeing jobs', () => jobs.said(this, event, args[0] as Job | undefined));
        return emit.call(this, event, ...args);
      },
  );
}

class Jobs {
  /** The beginning of each attempt, on a clock never set back. */
  readonly #started = new WeakMap<Job, number>();
  readonly #types = new Set<string>();
  readonly #depth = new QueueDepth(ownConnections);

  constructor(private readonly instruments: Instruments) {
    instruments.observe('job_queue_depth', (observe) => {
      for (const [name, depth] of this.#depth.entries()) {
        const queue = instruments.admit('queue', name);
        for (const [state, jobs] of Object.entries(depth)) observe(jobs, queue, state);
      }
    });
  }

  said(worker: QueueWorker, event: string, job: Job | undefined): void {
    if (event === 'ready') this.#depth.add(worker);
    else if (event === 'closing') this.#depth.remove(worker);
    else if (event === 'active' && job !== undefined) this.#began(worker, job);
    else if (event === 'completed') this.#ended(worker, job, 'completed');
    else if (event === 'failed') this.#ended(worker, job, 'failed');
  }

  #began(worker: QueueWorker, job: Job): void {
    if (job.deferredFailure === undefined) this.#started.set(job, performance.now());
    this.#typeOf(worker, job);
  }

  #ended(worker: QueueWorker, job: Job | undefined, status: 'completed' | 'failed'): void {
    const type = this.#typeOf(worker, job);
    const started = job && this.#started.get(job);
    if (started !== undefined) this.instruments.record('job_duration_ms', performance.now() - started, type);
    const again = status === 'failed' && job !== undefined && !job.finishedOn;
    if (!again) this.instruments.add('jobs_executed_total', 1, type, status);
  }

  /** The label, with both counts created at 0. A job removed by BullMQ 4 after too many stalls has no name left. */
  #typeOf(worker: QueueWorker, job: Job | undefined): string {
    const type = this.instruments.admit('job_type', job === undefined ? OTHER : nameOf(worker, job));
    if (!this.#types.has(type)) {
      this.#types.add(type);
      this.instruments.add('jobs_executed_total', 0, type, 'completed');
      this.instruments.add('jobs_executed_total', 0, type, 'failed');
    }
    return type;
  }
}

function nameOf(worker: QueueWorker, { name }: Job): string {
  return name === NAMELESS || name === '' ? worker.name : name;
}
