// The documents of the repository, as tests and checks read them.

import fs from 'node:fs';
import path from 'node:path';

/** The root of the repository, as seen from the compiled file. */
export const ROOT = path.resolve(__dirname, '../../..');

/** The user's own text, kept word for word. */
export const GUIDE = 'docs/guide.md';

export const read = (file: string): string => fs.readFileSync(path.join(ROOT, file), 'utf8');

/** Files below a folder by their paths from the root, without what was installed or made. */
export function filesIn(folder: string): string[] {
  return fs.readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return MADE.has(entry.name) ? [] : filesIn(file);
    return entry.isFile() ? [file] : [];
  });
}

const MADE: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git', 'backups', '.next']);

export const documents = (): string[] => filesIn('.').filter((file) => file.endsWith('.md'));

/** Those that a newcomer reads: their words and their commands are held to more. */
export const guides = (): string[] => ['README.md', 'CONTRIBUTING.md', ...filesIn('docs').filter((file) => file.endsWith('.md') && file !== GUIDE)];

export interface Block {
  readonly file: string;
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a document; those within a list lose its indentation. */
export function blocksOf(file: string): Block[] {
  return [...read(file).matchAll(/^( *)```(\w*)\n([^]*?)^ *```$/gm)].map(([, indent = '', language = '', text = '']) => ({
    file,
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchorsOf(file: string): ReadonlySet<string> {
  const text = read(file).replaceAll(/^```[^]*?^```/gm, '');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.replaceAll(/\[(.*?)\]\(.*?\)/g, '$1'));
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
