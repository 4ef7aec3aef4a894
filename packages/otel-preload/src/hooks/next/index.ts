// Next.js: the template of the page or route handler that has answered, as Next.js made it of the app's files: `/users/[id]`.

import type { Request } from '../../requests/tracker';

/** What Next.js notes on a request; https://github.com/vercel/next.js/blob/canary/packages/next/src/server/request-meta.ts */
const META = Symbol.for('NextInternalRequestMeta');
/** What Next.js answers with where there is no other page, or that one failed. */
const ERROR_PAGES: ReadonlySet<unknown> = new Set(['/404', '/500', '/_error', '/_global-error', '/_not-found']);

interface Meta {
  readonly match?: { readonly definition?: { readonly pathname?: unknown } };
  /** The file that the router has found: still there where an error page has taken the place of the match. */
  readonly invokeOutput?: unknown;
}

/** To be asked at the end of a request. Undefined for what is no route of the app's files: assets, redirects, answers of middleware. */
export function nextRoute(request: Request): string | undefined {
  const meta = (request as { readonly [META]?: Meta })[META];
  if (!meta?.match) return undefined;
  return [meta.match.definition?.pathname, meta.invokeOutput].find(isRoute);
}

function isRoute(path: unknown): path is string {
  return typeof path === 'string' && path.startsWith('/') && !ERROR_PAGES.has(path);
}
