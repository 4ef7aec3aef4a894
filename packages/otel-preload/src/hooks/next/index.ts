// Next.js: the template of the page or route handler behind an answer, as Next.js made the template of the app's files: `/users/[id]`.

import type { Request } from '../../requests/tracker';

/** Next.js' notes on a request; https://github.com/vercel/next.js/blob/canary/packages/next/src/server/request-meta.ts */
const META = Symbol.for('NextInternalRequestMeta');
/** The pages of Next.js for answering when no page matches, or a page failed. */
const ERROR_PAGES: ReadonlySet<unknown> = new Set(['/404', '/500', '/_error', '/_global-error', '/_not-found']);

interface Meta {
  readonly match?: { readonly definition?: { readonly pathname?: unknown } };
  /** The file found by the router: still there when an error page has taken the place of the match. */
  readonly invokeOutput?: unknown;
}

/** Call at the end of a request. Undefined without a route of the app's files: assets, redirects, answers of middleware. */
export function nextRoute(request: Request): string | undefined {
  const meta = (request as { readonly [META]?: Meta })[META];
  if (!meta?.match) return undefined;
  return [meta.match.definition?.pathname, meta.invokeOutput].find(isRoute);
}

function isRoute(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith('/') && !ERROR_PAGES.has(path);
}
