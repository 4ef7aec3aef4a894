// Two expositions as one: the app's own, and of ours what it does not have.

export interface Together {
  readonly text: string;
  /** Families of ours that the app has too, or whose series it has. */
  readonly leftOut: readonly string[];
}

const SAMPLE = /^([A-Za-z_:][\w:]*)(\{.*\})?\s+[^\s{}]+(\s+-?[\d.]+)?(\s+#.*)?$/;
const TYPE = /^# TYPE (\S+)/;
const END = '# EOF';

/** True if it is text that Prometheus takes. */
export function isExposition(text: string): boolean {
  const lines = linesOf(text).filter((line) => !line.startsWith('#'));
  return lines.length > 0 ? lines.every((line) => SAMPLE.test(line)) : linesOf(text).some((line) => TYPE.test(line));
}

/** @param ours as this package writes it: each family begins with its HELP */
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
