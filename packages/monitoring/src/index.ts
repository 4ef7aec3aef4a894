// The door: panel data, rules and generated files, for the live page, the pictures and end-to-end tests.
export { alertNames, alerts, type Alert, type AlertName } from './alerts';
export { config, type MonitoringConfig } from './config';
export { ROOT, stale, write } from './generate/disk';
export { outputs } from './generate/outputs';
export { boards, type Board, type Limits, type Panel, type Query, type Row, type Unit } from './panels';
export type { Vector } from './promql/build';
export { walk, type Node } from './promql/node';
export { print } from './promql/print';
export { recordingRules } from './rules/records';
