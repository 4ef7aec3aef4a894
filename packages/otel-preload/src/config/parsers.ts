// From the text of an environment variable to a checked value. Pure; loads nothing, since the off switch needs it.

/** How the text of a variable becomes its value. */
export interface Parser<T> {
  /** What is taken, to follow "is not". */
  readonly accepts: string;
  /**
   * @param text trimmed, never empty
   * @param wrong called for each entry of a list that is left out while the others count
   * @returns undefined if the text as a whole cannot be taken
   */
  readonly parse: (text: string, wrong?: (entry: string) => void) => T | undefined;
}

/** Set to nothing, which OpenTelemetry's specification takes for unset. Docker's --env-file passes an empty pair of quotes on as it is. */
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

/** PORT may name a pipe or a socket on some platforms: that is no mistake, and no port. */
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

/** A comma list of names; the ones that `isKnown` refuses are left out. */
export function names<T extends string>(accepts: string, isKnown: (name: string) => name is T): Parser<ReadonlySet<T>> {
  return {
    accepts,
    parse(text, wrong) {
      for (const entry of entries(text)) if (!isKnown(entry)) wrong?.(entry);
      return new Set(entries(text).filter(isKnown));
    },
  };
}

/** `key=value,key=value`, percent-encoded. One bad pair discards all of it, as OpenTelemetry's specification has it. */
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
