// Joins two expositions: the app's own, and from ours every family unknown to the app.

export interface Together {
  readonly text: string;
  /** Families of ours left out, because the app has a family of the same name or samples of the same names. */
  readonly leftOut: readonly string[];
}

const SAMPLE = /^([A-Za-z_:][\w:]*)(\{.*\})?\s+[^\s{}]+(\s+-?[\d.]+)?(\s+#.*)?$/;
const TYPE = /^# TYPE (\S+)/;
const END = '# EOF';

/** True if Prometheus takes the text. */
export function isExposition(text: string): boolean {
  const lines = linesOf(text).filter((line) => !line.startsWith('#'));
  return lines.length > 0 ? lines.every((line) => SAMPLE.test(line)) : linesOf(text).some((line) => TYPE.test(line));
}

/** @param ours as written by this package: each family begins with its HELP line */
export function beside(theirs: string, ours: string): Together {
  const lines = linesOf(theirs);
  const names = new Set(lines.flatMap(namesIn));
  const leftOut: string[] = [];
  let added = '';
  for (const family of ours.split(/^(?=# HELP )/m)) {
    const own = linesOf(family);
    if (own.some((line) => namesIn(line).some((name) => names.has(name)))) leftOut.push(own[1]?.split(' ')[2] ?? '');
    else added += family;
  }
  const isOpenMetrics = lines.at(-1) === END;
  const text = [...lines.filter((line) => line !== END), ...linesOf(added).filter((line) => line !== END), ...(isOpenMetrics ? [END] : [])].join(
    '\n',
  );
  return { text: `${text}\n`, leftOut };
}

function namesIn(line: string): string[] {
  const name = (TYPE.exec(line) ?? SAMPLE.exec(line))?.[1];
  return name === undefined ? [] : [name];
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}
