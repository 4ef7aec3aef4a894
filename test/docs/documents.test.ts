// What the documents say is so: links lead somewhere, commands exist, excerpts are the source's, every line of the log is explained.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { catalogue } from '@earntrack/otel-preload/catalogue';
import { parse } from 'yaml';
import { startApp } from '../support/app';
import { anchorsOf, blocksOf, documents, filesIn, GUIDE, guides, read, ROOT, type Block } from './documents';
import { logLines } from './log-lines';

const blocks = guides().flatMap(blocksOf);
const named = ({ file, text }: Block): string => `${file}: ${text}`;

describe('The documents', () => {
  it('link to files and headings that there are', () => {
    const broken = documents().flatMap((file) =>
      linksOf(file)
        .filter((link) => !leads(file, link))
        .map((link) => `${file}: ${link}`),
    );
    assert.deepEqual(broken, []);
  });

  it('leave no fenced block unchecked', () => {
    for (const block of blocks) assert.ok(['sh', 'ts', 'text'].includes(block.language), named(block));
  });

  it('name only commands that there are', () => {
    for (const block of blocks.filter(({ language }) => language === 'sh'))
      for (const line of linesOf(block))
        assert.ok(
          CHECKS.some(([form, check]) => form.test(line) && check(form.exec(line)!)),
          `${block.file}: ${line}`,
        );
  });

  it('quote the sources as they are', () => {
    for (const { file, text } of blocks.filter(isQuotation)) {
      const [, source = ''] = /^\/\/ (\S+)/.exec(text)!;
      const there = read(source)
        .split('\n')
        .map((line) => line.trim());
      const quoted = text
        .split('\n')
        .slice(1)
        .map((line) => line.trim())
        .filter(Boolean);
      assert.deepEqual(
        quoted.filter((line) => !there.includes(line)),
        [],
        `${file} quotes ${source}`,
      );
    }
  });

  it('show programs that compile', () => {
    const folder = fs.mkdtempSync(path.join(ROOT, 'test/dist/shown-'));
    try {
      const programs = blocks.filter(({ language, text }) => language === 'ts' && !isQuotation({ text }));
      const files = programs.map(({ text }, index) =>
        written(folder, `${index}.mts`, `declare function importEarnings(): Promise<void>;\n${text}\nexport {};\n`),
      );
      assert.ok(files.length > 1);
      const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--skipLibCheck', '--types', 'node', '--ignoreConfig'];
      const { stdout } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...flags, ...files], { cwd: ROOT, encoding: 'utf8' });
      assert.equal(stdout, '');
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('explain every line that the preload can say', () => {
    const text = read('docs/troubleshooting.md');
    const missing = [...logLines()].flatMap(([file, lines]) => lines.filter((line) => !text.includes(line.trim())).map((line) => `${file}: ${line}`));
    assert.deepEqual(missing, [], 'docs/troubleshooting.md lacks these lines');
  });

  it('have every metric of the catalogue in METRICS.md, once', () => {
    const rows = [...read('METRICS.md').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!);
    assert.deepEqual(rows.toSorted(), Object.keys(catalogue).toSorted());
  });

  it('keep the README short, with all that it promises to show', () => {
    assert.ok(read('README.md').trimEnd().split('\n').length <= 150);
  });
});

describe('The three lines of the README', () => {
  it('show an app’s metrics', async () => {
    const block = blocks.find(({ file, text }) => file === 'README.md' && text.startsWith('npm install @earntrack/otel-preload'))!;
    const [, start, ask] = linesOf(block);
    assert.equal(start, 'PROMETHEUS_ENABLED=true node -r @earntrack/otel-preload app.js');
    const app = await startApp('server-plain.js');
    try {
      const asked = ask!.replace(/^curl localhost:3001/, `http://127.0.0.1:${app.port}`);
      assert.match(await (await fetch(asked)).text(), /^# TYPE http_requests_total counter$/m);
    } finally {
      await app.stop();
    }
  });
});

describe('Everything that is shipped', () => {
  it('names no guide: a reader has none but docs/guide.md', () => {
    const own = ['test/docs/documents.test.ts', 'test/docs/documents.ts', GUIDE];
    const texts = filesIn('.').filter(
      (file) => /\.(ts|mjs|cjs|js|json|md|ya?ml|css|html|env|prom)$/.test(file) && !own.includes(file) && !IN_PACKAGE.test(file),
    );
    const naming = texts.filter((file) => /\bthe guide\b/i.test(read(file)) || /guide/i.test(path.basename(file)));
    assert.deepEqual(naming, []);
  });
});

/** Bundles, made of what is looked at here. */
const IN_PACKAGE = /^packages\/otel-preload\/package\/|package-lock\.json$/;

function isQuotation({ text }: Pick<Block, 'text'>): boolean {
  return /^\/\/ \S+\.(ts|mjs|cjs)\n/.test(text);
}

function written(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

/** The commands of a block, without comments. */
function linesOf({ text }: Block): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> };
const here = (file: string): boolean => fs.existsSync(path.join(ROOT, file));
const profiles = (): string[] =>
  Object.values(parse(read('compose/docker-compose.yml')).services as Record<string, { profiles?: string[] }>).flatMap(
    (service) => service.profiles ?? [],
  );

/** Each form of a command with what must hold for it. A new form needs a line here. */
const CHECKS: readonly (readonly [form: RegExp, check: (match: RegExpExecArray) => boolean])[] = [
  [
    /^(?:\w+=\w+ )?npm (?:run )?([a-z:]+)((?: -- .*)?)$/,
    ([, script = '', rest = '']) => script in scripts && rest.split(' ').every((word) => !word.endsWith('.ts') || here(word)),
  ],
  [/^npm install @earntrack\/otel-preload$/, () => true],
  [/^PROMETHEUS_ENABLED=true node -r @earntrack\/otel-preload app\.js$/, () => true],
  [/^curl (?:-\w+ )?localhost:3001\/metrics(?: \| grep '\^# TYPE' \| sort > before\.txt)?$/, () => true],
  [/^npx otel-preload (\w[\w-]*)$/, ([, command = '']) => read('packages/otel-preload/src/cli/index.ts').includes(command)],
  [/^docker compose --profile (\S+) up -d$/, ([, profile = '']) => profiles().includes(profile)],
  [/^docker compose --env-file \.env --env-file (\S+) up -d$/, ([, file = '']) => here(file)],
];

function linksOf(file: string): string[] {
  const text = read(file).replaceAll(/^ *```[^]*?^ *```/gm, '');
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, link, source]) => link ?? source!);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function leads(file: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const full = target === '' ? file : path.posix.join(path.posix.dirname(file), target);
  if (!here(full)) return false;
  return anchor === undefined || !full.endsWith('.md') || anchorsOf(full).has(anchor);
}
