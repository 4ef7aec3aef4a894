// `npm run check`: counts pointers (words that stand for a noun) in each document, and in the comments of the sources. A sentence full of
// pointers has to be read twice.

import { filesIn, GUIDE, read } from './documents';

const POINTERS: ReadonlySet<string> = new Set(['what', 'who', 'which', 'that', 'whichever', 'whoever', 'it', 'one', 'ones', 'other', 'others']);

/** The most pointers in a thousand words. */
const MOST = 30;
/** The comments are rewritten room by room: lower this bound with each room, down to MOST. */
const MOST_IN_COMMENTS = 40;
/** In fewer words a share means little. */
const FEWEST_WORDS = 200;

interface Text {
  readonly name: string;
  readonly text: string;
  readonly most: number;
}

function texts(): Text[] {
  const docs = filesIn('docs').filter((file) => file.endsWith('.md') && file !== GUIDE);
  const documents = ['README.md', 'CONTRIBUTING.md', 'DECISIONS.md', ...docs].map((file) => ({ name: file, text: prose(read(file)), most: MOST }));
  const decisions = documents.filter(({ name }) => name.startsWith('docs/decisions/'));
  const together = { name: 'docs/decisions', text: decisions.map(({ text }) => text).join(' '), most: MOST };
  const sources = filesIn('packages').filter((file) => /^packages\/[^/]+\/src\/.*\.ts$/.test(file));
  const comments = { name: 'the comments of packages/*/src', text: sources.map((file) => commentsOf(read(file))).join(' '), most: MOST_IN_COMMENTS };
  return [...documents, together, comments];
}

/** Without fenced blocks and inline code: names, and lines of the log. */
const prose = (text: string): string => text.replaceAll(/^ *```[^]*?^ *```|`[^`\n]*`/gm, '');

function commentsOf(source: string): string {
  const bare = source.replaceAll(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, '""');
  return (bare.match(/\/\*[^]*?\*\/|(?<!:)\/\/[^\n]*/g) ?? []).join(' ');
}

function share(text: string): { readonly words: number; readonly pointers: number } {
  const words = text.match(/[A-Za-z][A-Za-z'-]*/g) ?? [];
  const pointers = words.filter((word) => POINTERS.has(word.toLowerCase())).length;
  return { words: words.length, pointers: (1000 * pointers) / words.length };
}

function main(): void {
  for (const { name, text, most } of texts()) {
    const { words, pointers } = share(text);
    if (words < FEWEST_WORDS || pointers <= most) continue;
    process.exitCode = 1;
    console.error(`${name}: ${pointers.toFixed(1)} pointers in a thousand words, at most ${most}: name the thing (${[...POINTERS].join(', ')})`);
  }
}

main();
