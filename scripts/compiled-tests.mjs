// Where the compiler puts the tests, and which of them belong to which command.
import fs from 'node:fs';
import path from 'node:path';

/** What needs whole applications, other versions of Node.js or installations, or is a sweep: `npm run test:all` adds it. Files, or folders. */
const APART = [
  'packages/local-servers/test/redis-from-apt.test.ts',
  'packages/monitoring/test/alerts.test.ts',
  'test/nodes',
  'test/preload/foreign-app.test.ts',
  'test/preload/foreign-app-postgres.test.ts',
  'test/preload/second-sdk.test.ts',
  'test/recipes/pm2.test.ts',
  'test/sweeps',
];

/** Run by `npm run test:go`. */
const WITH_GO = ['test/rehearsal'];

/** Those that take longest, in this order: begun last, one of them would hold up the whole run. */
const SLOWEST = [
  'test/nodes/next.test.ts',
  'test/preload/environment.test.ts',
  'test/live/live-page.test.ts',
  'packages/monitoring/test/alerts.test.ts',
  'packages/local-servers/test/redis-from-apt.test.ts',
  'test/nodes/same-app.test.ts',
  'packages/demo/test/demo.test.ts',
  'test/preload/fallback.test.ts',
  'test/truth/cache.test.ts',
];

/** Each folder of tests, with the folder that it is compiled to; both from the root of the repository. */
export function suites(root) {
  const packages = fs.readdirSync(path.join(root, 'packages')).map((name) => path.join('packages', name));
  return [...packages.map((folder) => [`${folder}/test`, `${folder}/dist/test`]), ['test', 'test/dist']];
}

/** The compiled file of a test; other files are themselves. */
export function compiledOf(root, file) {
  const relative = path.relative(root, path.resolve(root, file));
  const [source, compiled] = suites(root).find(([folder]) => relative.startsWith(folder + path.sep)) ?? [];
  return source && relative.endsWith('.ts') ? relative.replace(source, compiled).replace(/\.ts$/, '.js') : relative;
}

/** The source of a compiled test; other files are themselves. */
export function sourceOf(root, file) {
  const [source, compiled] = suites(root).find(([, folder]) => file.startsWith(folder + path.sep)) ?? [];
  return compiled ? file.replace(compiled, source).replace(/\.js$/, '.ts') : file;
}

/** The compiled tests whose source still exists (the compiler leaves those of a deleted file behind), the slowest first. */
export function allTests(root, withThoseApart) {
  const left = withThoseApart ? WITH_GO : [...WITH_GO, ...APART];
  const sources = suites(root).flatMap(([source]) => {
    if (!fs.existsSync(path.join(root, source))) return [];
    const names = fs
      .readdirSync(path.join(root, source), { recursive: true })
      .filter((name) => name.endsWith('.test.ts') && !name.includes('node_modules'));
    return names.map((name) => path.join(source, name)).toSorted();
  });
  for (const named of [...APART, ...WITH_GO, ...SLOWEST]) if (!fs.existsSync(path.join(root, named))) throw new Error(`there is no ${named}`);
  const place = (file) => (SLOWEST.indexOf(file) + SLOWEST.length + 1) % (SLOWEST.length + 1);
  const chosen = sources.filter((file) => !left.some((named) => file === named || file.startsWith(named + path.sep)));
  return chosen.toSorted((a, b) => place(a) - place(b)).map((file) => compiledOf(root, file));
}
