// Where the picture is shown: redrawn in place on a terminal, printed now and then elsewhere.

import type { Line } from './lines';

export interface Screen {
  readonly rows: number;
  readonly columns: number;
  /** How often a new picture is wanted. */
  readonly everyMs: number;
  /** Whether keys can be pressed. */
  readonly hasKeys: boolean;
  show(lines: Line[]): void;
  /** Gives the terminal back unchanged. */
  close(): void;
}

const TONES = { title: '1', head: '1;36', bad: '31', dim: '2' } as const;

export function openScreen(out: NodeJS.WriteStream): Screen {
  return out.isTTY ? terminal(out) : printed(out);
}

function terminal(out: NodeJS.WriteStream): Screen {
  const coloured = !process.env.NO_COLOR;
  const giveBack = (): void => void out.write('\x1b[?25h\x1b[?1049l');
  out.write('\x1b[?1049h\x1b[?25l'); // the alternate screen, without a cursor
  process.once('exit', giveBack); // also after an exception
  return {
    get rows() {
      return out.rows;
    },
    get columns() {
      return out.columns;
    },
    everyMs: 1_000,
    hasKeys: true,
    show(lines) {
      const drawn = lines.slice(0, out.rows).map(({ text, tone }) => {
        const fitting = text.slice(0, out.columns);
        return tone && coloured ? `\x1b[${TONES[tone]}m${fitting}\x1b[0m\x1b[K` : `${fitting}\x1b[K`;
      });
      out.write(`\x1b[H${drawn.join('\r\n')}\x1b[J`);
    },
    close() {
      process.off('exit', giveBack);
      giveBack();
    },
  };
}

function printed(out: NodeJS.WriteStream): Screen {
  return {
    rows: 24,
    columns: 100,
    everyMs: 10_000,
    hasKeys: false,
    show: (lines) => void out.write(`${lines.map(({ text }) => text).join('\n')}\n\n`),
    close: () => {},
  };
}
