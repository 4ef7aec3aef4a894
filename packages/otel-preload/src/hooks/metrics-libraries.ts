// Libraries with which apps serve metrics of their own: whoever has loaded one may have them at METRICS_PATH.

import type { WatchedModule } from '../loading/modules';
import { noteLibrary } from '../requests/own-routes';

const LIBRARIES = ['prom-client', '@opentelemetry/exporter-prometheus'];

export const metricsLibraries: readonly WatchedModule[] = LIBRARIES.map((name) => ({
  name,
  versions: '*',
  patch: (exports) => {
    noteLibrary();
    return exports;
  },
}));
