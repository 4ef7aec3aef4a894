// The Kubernetes manifests of packages/recipes, as data.

import fs from 'node:fs';
import path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { root } from './app';

export const RECIPES = path.join(root, 'packages/recipes');
const FOLDER = path.join(RECIPES, 'kubernetes');

/** Kubernetes' own types are checked by `npm run test:go`. */
export type Manifest = any;

/** The paths of all manifests. */
export function manifestFiles(): string[] {
  const names = fs.readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()
    .map((name) => path.join(FOLDER, name));
}

export function manifests(): Manifest[] {
  return manifestFiles().flatMap((file) => parseAllDocuments(fs.readFileSync(file, 'utf8')).map((document) => document.toJS()));
}

export type Labels = Readonly<Record<string, string>>;

/** Whether a selector's `matchLabels` (or a Service's selector) finds what has these labels. */
export function matches(selector: Labels, labels: Labels = {}): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}

/** A container's literal variables; those of a Secret have the secret's name and key. */
export function environment(container: Manifest): Record<string, string> {
  return Object.fromEntries((container.env as Manifest[]).map(({ name, value, valueFrom }) => [name, value ?? secretName(valueFrom.secretKeyRef)]));
}

export const secretName = ({ name, key }: { name: string; key: string }): string => `${name}/${key}`;
