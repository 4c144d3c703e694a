import path from 'node:path';

/** The tests run from dist/test/support, the files stand in the source tree. */
export const INI_CORPUS = path.join(import.meta.dirname, '../../../test/fixtures/uwsgi-ini');

/** The environment in which the corpus means something. */
export const INI_ENVIRONMENT: Readonly<Record<string, string>> = {
  INI_ONE: 'one',
  INI_TWO: 'two',
  INI_NAME: 'name',
  INI_FILE: 'word.txt',
  INI_REFERENCE: '%(name)',
};

/** Those of its files that are read on their own; the others are included. */
export const CORPUS_NAMES = [
  'arithmetic',
  'blocks',
  'environment',
  'files',
  'include',
  'lines',
  'magic',
  'placeholders',
  'references',
] as const;

/** The file that holds what uWSGI computed. */
export function answerFile(name: string): string {
  return path.join(INI_CORPUS, `${name}.expected`);
}
