// The headers of a program that asks directly. Every year brings proxies with new headers, and each CDN has its own (CF-Connecting-IP,
// Fly-Client-IP, X-Azure-ClientIP …), so no list of proxy headers is ever complete: a proxy must have added any header missing here.

/** By sender; a name ending in `-` stands for all names with this beginning. */
const DIRECT = {
  'every HTTP client (RFC 9110 to 9113, 6265)': `host connection keep-alive te upgrade http2-settings expect transfer-encoding content-length
    content-type accept accept-charset accept-encoding accept-language authorization cookie user-agent from referer range date
    cache-control pragma if-match if-none-match if-modified-since if-unmodified-since if-range`,
  // Scripts of a page cannot set a name beginning with `sec-`.
  'a browser': 'sec- origin priority purpose dnt save-data upgrade-insecure-requests x-requested-with',
  'Prometheus, and what scrapes as it does': 'x-prometheus-',
  // Prometheus and OpenTelemetry's clients: https://www.w3.org/TR/trace-context/, https://www.w3.org/TR/baggage/
  'a client that is traced': 'traceparent tracestate baggage',
};

const all = Object.values(DIRECT).flatMap((text) => text.split(/\s+/));
const names: ReadonlySet<string> = new Set(all);
const beginnings = all.filter((name) => name.endsWith('-'));

/** The first header that shows a proxy on the way, if any. */
export function foreignHeader(headers: Readonly<Record<string, unknown>>): string | undefined {
  return Object.keys(headers).find((name) => !isDirect(name));
}

/** HTTP/2 writes the request line as headers with a leading colon. */
function isDirect(name: string): boolean {
  return names.has(name) || name.startsWith(':') || beginnings.some((beginning) => name.startsWith(beginning));
}
