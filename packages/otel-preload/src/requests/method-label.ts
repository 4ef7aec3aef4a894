/** The methods of RFC 9110, PATCH and QUERY: what semantic conventions know. https://opentelemetry.io/docs/specs/semconv/http/http-metrics/ */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE', 'QUERY']);

/** A method as a label value: itself if it is known, else `_OTHER`. */
export function methodLabel(method: unknown): string {
  return typeof method === 'string' && METHODS.has(method) ? method : '_OTHER';
}
