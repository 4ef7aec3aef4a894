// The entrance for the build and the tests: the panels of the page, and the page's PromQL. The browser enters by page/main.ts.
export { History, type Series } from './promql/history';
export { Evaluator } from './promql/evaluate';
export type { Sample, Value } from './promql/value';
export { SampleReader } from './promql/sample-reader';
export { POLL_MS, RATE_WINDOW_MS, rangesAt, WINDOW_MS } from './windows';
export { livePanels, type LiveBoard, type LivePanel, type LiveRow } from './panels';
