// A panel → Grafana's panel of the same kind.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueTextMode,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingMode,
} from '@grafana/grafana-foundation-sdk/common';
import {
  GraphThresholdsStyleConfigBuilder,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { ThresholdsConfigBuilder, ThresholdsMode, type Threshold } from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { MonitoringConfig } from '../config';
import type { Limits, Panel, Query, Unit } from '../panels';
import { print } from '../promql/print';
import { panelLinks } from './links';
import { DATASOURCE } from './variables';

/** Grafana's names: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
const UNITS: Record<Unit, string> = {
  count: 'short',
  'req/s': 'reqps',
  'ops/s': 'ops',
  'events/s': 'eps',
  ms: 'ms',
  s: 's',
  'ms/s': 'suffix: ms/s',
  ratio: 'percentunit',
  bytes: 'bytes',
  cores: 'suffix: cores',
  version: 'none',
};

const BUILDERS = { graph, tile, table };

export function grafanaPanel(panel: Panel, config: MonitoringConfig): TimeseriesBuilder | StatBuilder | TableBuilder {
  const builder = BUILDERS[panel.kind](panel)
    .title(panel.title)
    .description(panel.description)
    .datasource(DATASOURCE)
    .unit(UNITS[panel.unit])
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(panel.limits)))
    .links(panelLinks(panel, config));
  return panel.unit === 'ratio' && !panel.limits?.below ? builder.min(0) : builder;
}

function graph({ queries, stacked, limits }: Panel): TimeseriesBuilder {
  const builder = new TimeseriesBuilder()
    .targets(queries.map((query, index) => target(query, index).range()))
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(['lastNotNull', 'max']),
    )
    .fillOpacity(stacked ? 30 : 8);
  if (stacked) builder.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return limits ? builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed)) : builder;
}

function tile({ queries, limits }: Panel): StatBuilder {
  return new StatBuilder()
    .targets(queries.map((query, index) => target(query, index).range()))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .colorMode(limits ? BigValueColorMode.Background : BigValueColorMode.Value)
    .textMode(BigValueTextMode.Auto);
}

function table({ queries, unit }: Panel): TableBuilder {
  return new TableBuilder()
    .targets(queries.map((query, index) => target(query, index).instant().format(PromQueryFormat.Table)))
    .withTransformation({ id: 'organize', options: { excludeByName: { Time: true, ...(unit === 'version' && { Value: true }) } } })
    .withTransformation({ id: 'sortBy', options: { sort: [{ field: 'Value', desc: true }] } });
}

function target({ expr, legend }: Query, index: number): DataqueryBuilder & Builder<Dataquery> {
  const builder = new DataqueryBuilder()
    .refId(String.fromCharCode(65 + index))
    .datasource(DATASOURCE)
    .expr(print(expr.node));
  return legend === undefined ? builder : builder.legendFormat(legend);
}

/** Green, yellow, red, from the bottom or, where low values are bad, from the top. */
function steps(limits: Limits = {}): Threshold[] {
  const { warning, critical, below } = limits;
  if (!below) return [{ value: null, color: 'green' }, ...step(warning, 'yellow'), ...step(critical, 'red')];
  const lowest =
    critical === undefined ? [{ value: null, color: 'yellow' }] : [{ value: null, color: 'red' }, ...step(warning && critical, 'yellow')];
  return [...lowest, ...step(warning ?? critical, 'green')];
}

const step = (value: number | undefined, color: string): Threshold[] => (value === undefined ? [] : [{ value, color }]);
