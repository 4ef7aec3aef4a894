// Colours for the canvas; the style sheet has them, light and dark.

const LINES = 8;

export interface Theme {
  readonly line: (name: string, index: number) => string;
  readonly text: string;
  readonly grid: string;
  readonly warning: string;
  readonly critical: string;
  readonly mark: string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const color = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const lines = Array.from({ length: LINES }, (_, index) => color(`line-${index + 1}`));
  const [critical, warning] = [color('critical'), color('warning')];
  return {
    line(name, index) {
      if (/^5\d\d$|\bfailed$/.test(name)) return critical;
      return /^4\d\d$/.test(name) ? [warning, lines[3]!][index % 2]! : lines[index % LINES]!;
    },
    text: color('muted'),
    grid: color('grid'),
    warning,
    critical,
    mark: color('muted'),
  };
}

export function onThemeChange(changed: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
