import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.js';

/** Options of Node and of other programs that the pages speak of, and those that every table has. */
export const FOREIGN_NAMES: ReadonlySet<string> = new Set([
  ...['trace-gc', 'v8-pool-size'],
  ...['help', 'version'],
  ...['enable-source-maps', 'max-old-space-size', 'min-semi-space-size'],
  // of prettier
  'write',
]);

/** The long options that a page names as code, without their dashes. */
export function documentedOptions(page: string): string[] {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const code = [...text.matchAll(/`[^`\n]+`|^ {4}.*tsuwsgi.*$/gm)].map(([each]) => each);
  return code.flatMap((each) =>
    [...each.matchAll(/(?<![\w-])--([a-z][a-z0-9-]*[a-z0-9])/g)].map(([, name = '']) => name),
  );
}
