// The ranges in which hooks and OpenTelemetry's instrumentations name their versions: `>=8.0.3 <9`. No more of semver than this form.

/** True if the version lies in the range. A pre-release counts as the release to come. Throws on a range of a different form. */
export function inRange(version: string, range: string): boolean {
  if (range === '*') return true;
  return range.split(' ').every((comparator) => holds(version, comparator));
}

function holds(version: string, comparator: string): boolean {
  const [, operator, bound] = /^(>=|<)(\d+(?:\.\d+){0,2})$/.exec(comparator) ?? [];
  if (bound === undefined) throw new RangeError(`${comparator} is not understood as a range of versions`);
  const difference = compare(numbers(version), numbers(bound));
  return operator === '<' ? difference < 0 : difference >= 0;
}

function numbers(version: string): number[] {
  return version.split(/[-+]/)[0]!.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < 3; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
