// The panels of the setup guide: title, query, legend.

export const LEGACY_PANELS: readonly (readonly [title: string, query: string, legend: string | undefined])[] = [
  ['Request Rate', 'rate(http_requests_total[5m])', '{{method}} {{status}} {{endpoint}}'],
  ['Response Time (95th percentile)', 'histogram_quantile(0.95, rate(http_request_duration_ms_bucket[5m]))', '{{method}} {{endpoint}}'],
  ['Query Duration', 'rate(database_query_duration_ms_bucket[5m])', '{{query_type}} {{table}}'],
  ['Slow Queries (>100ms)', 'rate(slow_queries_total[5m])', '{{query_type}} {{table}}'],
  ['Cache Hit Rate', 'rate(cache_hits_total[5m]) / (rate(cache_hits_total[5m]) + rate(cache_misses_total[5m]))', undefined],
  ['Cache Size', 'cache_size_bytes', '{{cache_type}}'],
  ['Job Execution Rate', 'rate(jobs_executed_total[5m])', '{{job_type}} {{status}}'],
  ['Job Duration', 'histogram_quantile(0.95, rate(job_duration_ms_bucket[5m]))', '{{job_type}}'],
];
