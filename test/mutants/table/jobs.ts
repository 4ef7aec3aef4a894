import type { Mutant } from '../mutant';

export const jobs: readonly Mutant[] = [
  {
    name: 'jobs-failed-at-each-attempt',
    breaks: 'A job counts as failed at each failed attempt.',
    file: 'packages/otel-preload/src/hooks/bullmq/index.ts',
    find: `const again = status === 'failed' && job !== undefined && !job.finishedOn;`,
    replace: `const again = status === 'failed' && job !== undefined && job.finishedOn === 0;`,
    fails: [
      ['test/truth/jobs.test.ts', 'of BullMQ 6 count once, when they end: failed only when no attempt follows'],
      ['test/truth/jobs.test.ts', 'of BullMQ 6 agree with the counts that BullMQ keeps'],
    ],
  },
  {
    name: 'jobs-last-attempt-alone',
    breaks: 'The time of an attempt after which the job is tried again is not recorded.',
    file: 'packages/otel-preload/src/hooks/bullmq/index.ts',
    find: `if (started !== undefined) this.instruments.record('job_duration_ms', performance.now() - started, type);`,
    replace: `if (started !== undefined && job?.finishedOn) this.instruments.record('job_duration_ms', performance.now() - started, type);`,
    fails: [['test/truth/jobs.test.ts', 'of BullMQ 6 count once, when they end']],
  },
  {
    name: 'jobs-nameless-by-default-name',
    breaks: 'A job without a name is counted under BullMQ’s word for that, not under its queue.',
    file: 'packages/otel-preload/src/hooks/bullmq/index.ts',
    find: `const NAMELESS = '__default__';`,
    replace: `const NAMELESS = '';`,
    fails: [['test/truth/jobs.test.ts', 'of BullMQ 6 count once, when they end']],
  },
  {
    name: 'jobs-of-the-api-exception-kept',
    breaks: 'What a job of the app’s own throws does not reach the app.',
    file: 'packages/otel-preload/src/metrics.ts',
    find: 'return result;',
    replace: `return result;
  } catch {
    return undefined as T;`,
    fails: [['test/preload/own-metrics.test.ts', 'do no harm where the preload is not there: jobs run, return and throw as ever']],
  },
  {
    name: 'jobs-of-the-api-failure-missed',
    breaks: 'A job of the app’s own that throws counts as completed.',
    file: 'packages/otel-preload/src/metrics.ts',
    find: `let status = 'failed';`,
    replace: `let status = 'completed';`,
    fails: [['test/preload/own-metrics.test.ts', 'written by own-metrics.js are its jobs, failed where they threw']],
  },
  {
    name: 'jobs-statuses-apart',
    breaks: 'The count of failed jobs of a type exists only once there is one.',
    file: 'packages/otel-preload/src/hooks/bullmq/index.ts',
    find: `this.instruments.add('jobs_executed_total', 0, type, 'failed');`,
    replace: '',
    fails: [['test/truth/jobs.test.ts', 'of BullMQ 6 count once, when they end']],
  },
];
