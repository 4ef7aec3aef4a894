// From the text of an environment variable to a checked value. Pure; loads nothing, because the off switch needs this file.

/** How the text of a variable becomes its value. */
export interface Parser<T> {
  /** The accepted values, to follow "is not". */
  readonly accepts: string;
  /**
   * @param text trimmed, never empty
   * @param wrong called for each refused entry of a list, while the rest of the list counts
   * @returns undefined if the text as a whole is refused
   */
  readonly parse: (text: string, wrong?: (entry: string) => void) => T | undefined;
}

/** Set to nothing: unset, by OpenTelemetry's specification. Docker's --env-file passes an empty pair of quotes on unchanged. */
export function isBlank(text: string | undefined): boolean {
  return text === undefined || /^\s*(''|"")?\s*$/.test(text);
}

export const boolean: Parser<boolean> = {
  accepts: 'true or false (1 or 0, yes or no, on or off)',
  parse(text) {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    return /^(false|0|no|off)$/i.test(text) ? false : undefined;
  },
};

/** OpenTelemetry's own: its specification forbids to take anything but `true` for true. */
export const otelBoolean: Parser<boolean> = {
  accepts: 'true or false',
  parse: (text) => (/^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined),
};

export const anything: Parser<string> = { accepts: 'a text', parse: (text) => text };

/** A whole number within bounds, both included. */
export function integer(least: number, most: number): Parser<number> {
  return {
    accepts: `a whole number from ${least} to ${most}`,
    parse: (text) => (/^\d{1,15}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
  };
}

export const port: Parser<number> = { accepts: 'a port from 1 to 65535', parse: integer(1, 65535).parse };

/** PORT may name a pipe or a socket on some platforms: such a text is no mistake, and no port. */
export const platformPort: Parser<number | 'pipe'> = { accepts: 'anything', parse: (text) => port.parse(text) ?? 'pipe' };

export const host: Parser<string> = {
  accepts: 'an IP address or a host name',
  parse: (text) => (/^[\w.-]+$|^[\da-f:.]+(%\w+)?$/i.test(text) ? text : undefined),
};

export const urlPath: Parser<string> = {
  accepts: 'a path such as /metrics, without a query',
  parse: (text) => (/^\/[^\s?#]*$/.test(text) ? text : undefined),
};

export const positive: Parser<number> = {
  accepts: 'a number above 0',
  parse: (text) => (/^(\d{1,15}(\.\d+)?|\.\d+)$/.test(text) && Number(text) > 0 ? Number(text) : undefined),
};

export const ascending: Parser<readonly number[]> = {
  accepts: 'a comma list of numbers above 0, each greater than the one before',
  parse(text) {
    const numbers = entries(text).map((entry) => positive.parse(entry) ?? NaN);
    return numbers.every((number, i) => number > (numbers[i - 1] ?? 0)) ? numbers : undefined;
  },
};

/** A comma list of names; names refused by `isKnown` are left out. */
export function names<T extends string>(accepts: string, isKnown: (name: string) => name is T): Parser<ReadonlySet<T>> {
  return {
    accepts,
    parse(text, wrong) {
      for (const entry of entries(text)) if (!isKnown(entry)) wrong?.(entry);
      return new Set(entries(text).filter(isKnown));
    },
  };
}

/** `key=value,key=value`, percent-encoded. A single bad pair discards the whole list, by OpenTelemetry's specification. */
export const attributes: Parser<Readonly<Record<string, string>>> = {
  accepts: 'a comma list of key=value, percent-encoded',
  parse(text) {
    const pairs = entries(text).map((entry) => /^([^=\s]+)\s*=\s*(.*)$/.exec(entry));
    if (pairs.includes(null)) return undefined;
    try {
      return Object.fromEntries(pairs.map((pair) => [pair![1]!, decodeURIComponent(pair![2]!)]));
    } catch {
      return undefined;
    }
  },
};

function entries(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
