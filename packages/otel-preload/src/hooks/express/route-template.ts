// Route and mount paths as label text: the templates as the app wrote them, never a client's text.

/** The forms of a path in Express. */
export type RoutePath = string | RegExp | readonly RoutePath[];

/** The path given to `use`, or undefined for a mount at the root. */
export function mountPathOf(args: readonly unknown[]): RoutePath | undefined {
  let first: unknown = args[0];
  while (Array.isArray(first) && first.length > 0) first = first[0];
  if (typeof first === 'function' || first === undefined) return undefined;
  const path = args[0] as RoutePath;
  return path === '/' || path === '' ? undefined : path;
}

/**
 * A path as a template. Of a list, the request's literal match, else all elements.
 *
 * @param actual the part of the request's text matched by the path, at its end or before a query; only compared, never returned
 */
export function templateOf(path: RoutePath, actual: string | undefined): string {
  if (!Array.isArray(path)) return plain(path as string | RegExp);
  const list = path.flat(Infinity) as (string | RegExp)[];
  const text = actual?.split('?', 1)[0] ?? '';
  const literal = list.find((element) => typeof element === 'string' && text.endsWith(element));
  return literal === undefined ? list.map(plain).join(',') : plain(literal);
}

/** With a slash before and none behind; an expression as written. */
function plain(path: string | RegExp): string {
  if (typeof path !== 'string') return String(path);
  const open = path.endsWith('/') ? path.slice(0, -1) : path;
  return open === '' || open.startsWith('/') ? open : `/${open}`;
}

/** Joins a path to its lead: the same lead gives the same string, and a Map finds the string by its address. */
export class PathJoiner {
  #lead: string | undefined;
  #text = '';

  constructor(private readonly path: RoutePath) {}

  /** @param actual as for `templateOf` */
  after(lead: string, actual: string | undefined): string {
    if (lead !== this.#lead || typeof this.path !== 'string') {
      this.#lead = lead;
      this.#text = lead + templateOf(this.path, actual);
    }
    return this.#text;
  }
}
