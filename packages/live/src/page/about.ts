// A panel's explanation: the conclusion to draw, the exact query, the runbook.

import { print } from '@earntrack/monitoring/dist/src/promql/print';
import type { LivePanel } from '../panels';
import { element } from './dom';

/** @param runbook where RUNBOOK.md is; an alert's name in lower case is its heading */
export function about({ title, description, queries, alert }: LivePanel, runbook: string): HTMLElement {
  const link = alert && element('a', { href: `${runbook}#${alert.toLowerCase()}`, rel: 'noreferrer', target: '_blank' }, `Runbook: ${alert}`);
  const queryTexts = queries.map(({ expr }) => element('code', {}, print(expr)));
  return element(
    'details',
    { class: 'about' },
    element('summary', { 'aria-label': `About ${title}`, title: description }, '?'),
    element('div', { class: 'note' }, element('p', {}, description), ...queryTexts, ...(link ? [link] : [])),
  );
}
