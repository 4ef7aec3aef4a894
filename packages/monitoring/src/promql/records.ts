// The names of the recording rules with the labels of each (level:metric:operation). Their expressions: rules/records.ts.

const JOB = ['job'] as const;
const JOB_INSTANCE = ['job', 'instance'] as const;

/** A `:increase5m` counts events of the last five minutes, including the events that created their series. */
export const records = {
  'job_instance:process:watched': JOB_INSTANCE,
  'job_instance:http_requests:increase5m': JOB_INSTANCE,
  'job_instance:http_requests_failed:increase5m': JOB_INSTANCE,
  'job_instance:http_requests_abandoned:increase5m': JOB_INSTANCE,
  'job:http_requests:increase5m': JOB,
  'job:http_requests_failed:increase5m': JOB,
  'job_endpoint:http_request_duration_ms:p95_5m': ['job', 'endpoint'],
  'job_instance:http_request_duration_ms:p95_5m': JOB_INSTANCE,
  'job:slow_queries:rate5m': JOB,
  'job_instance:cache_reads:increase5m': JOB_INSTANCE,
  'job_instance:cache_hits:increase5m': JOB_INSTANCE,
  'job:cache_hits:ratio5m': JOB,
  'job_instance:cache_hits:ratio5m': JOB_INSTANCE,
  'job_instance_type:jobs_executed:increase5m': ['job', 'instance', 'job_type'],
  'job_instance_type:jobs_failed:increase5m': ['job', 'instance', 'job_type'],
  'job:http_requests_failed:ratio5m': JOB,
  'job:http_requests_failed:ratio30m': JOB,
  'job:http_requests_failed:ratio1h': JOB,
  'job:http_requests_failed:ratio2h': JOB,
  'job:http_requests_failed:ratio6h': JOB,
  'job:http_requests_failed:ratio1d': JOB,
  'job:http_requests_failed:ratio3d': JOB,
  'job:http_requests_failed:ratio30d': JOB,
  'job:error_budget:remaining': JOB,
} as const;

export type RecordName = keyof typeof records;
