// Registers what the hooks want to see with OpenTelemetry's loader of instrumentations.

import { InstrumentationBase, type InstrumentationNodeModuleDefinition } from '@opentelemetry/instrumentation';

/** Has each definition's patch called when the app loads that module, by require or import. */
export function watchModules(definitions: InstrumentationNodeModuleDefinition[], version: string): void {
  class PreloadInstrumentation extends InstrumentationBase {
    protected override init(): InstrumentationNodeModuleDefinition[] {
      return definitions;
    }
  }
  new PreloadInstrumentation('@earntrack/otel-preload', version, {});
}
