// The variables of a dashboard: data source, job, instance, endpoint.

import { DatasourceVariableBuilder, QueryVariableBuilder, VariableRefresh, VariableSort } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Board } from '../panels';
import { metric, variable, type Selector } from '../promql/build';
import { print } from '../promql/print';

/** The data source chosen above the dashboard, so that the dashboard works wherever somebody imports the file. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

export function variables(board: Board): (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  const started = 'process_start_time_seconds';
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    labelValues('job', 'Job', metric(started)),
    labelValues('instance', 'Instance', metric(started, { job: variable('job') })),
    ...(board.byEndpoint ? [labelValues('endpoint', 'Endpoint', metric('http_requests_total', { job: variable('job') }))] : []),
  ];
}

function labelValues<L extends string>(label: L, title: string, of: Selector<L>): QueryVariableBuilder {
  const query = `label_values(${print(of.node)}, ${label})`;
  return new QueryVariableBuilder(label)
    .label(title)
    .datasource(DATASOURCE)
    .query({ query, refId: label })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}
