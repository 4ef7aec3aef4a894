// Chooses the text format by a scraper's preferences.

export interface TextFormat {
  readonly contentType: string;
  readonly openMetrics: boolean;
}

const PROMETHEUS: TextFormat = { contentType: 'text/plain; version=0.0.4; charset=utf-8', openMetrics: false };
const OPENMETRICS: TextFormat = { contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8', openMetrics: true };

/** OpenMetrics 1.0.0 if the Accept header names OpenMetrics and does not prefer plain text; else Prometheus text 0.0.4. */
export function formatFor(accept = ''): TextFormat {
  let openMetrics = 0;
  let plain = 0;
  for (const range of accept.toLowerCase().split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim());
    const quality = qualityOf(parameters);
    if (type === 'text/plain') plain = Math.max(plain, quality);
    else if (type === 'application/openmetrics-text' && isVersionOne(parameters)) openMetrics = Math.max(openMetrics, quality);
  }
  return openMetrics > 0 && openMetrics >= plain ? OPENMETRICS : PROMETHEUS;
}

function qualityOf(parameters: readonly string[]): number {
  const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
  return Number.isNaN(quality) ? 0 : quality;
}

function isVersionOne(parameters: readonly string[]): boolean {
  return parameters.every((parameter) => !parameter.startsWith('version=') || /^version="?1\.0\.0"?$/.test(parameter));
}
