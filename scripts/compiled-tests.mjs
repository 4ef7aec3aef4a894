// Where the compiler puts the tests.
import fs from 'node:fs';
import path from 'node:path';

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
