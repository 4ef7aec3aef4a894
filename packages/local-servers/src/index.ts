// The entrance: real servers on this machine, for the demo and the tests. Nothing is installed, and nothing outlives the asking process.
export { startAlertmanager, type Alertmanager } from './alertmanager';
export { startChromium, type Chromium, type Page } from './chromium';
export { freePort } from './free-port';
export { npmPackages } from './npm-packages';
export { onPath } from './program';
export { startPostgres, type Postgres, type PostgresOptions } from './postgres';
export { promtool, startPrometheus, type Prometheus, type PrometheusOptions, type PromtoolResult } from './prometheus';
export { prometheusProgram } from './prometheus-programs';
export { startRedis, type Redis, type RedisOptions } from './redis';
export { ServerUnavailable } from './server-unavailable';
export { WatchedFolder } from './watched-folder';
