// Libraries for serving an app's own metrics: an app with such a library loaded may serve metrics at METRICS_PATH.

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
