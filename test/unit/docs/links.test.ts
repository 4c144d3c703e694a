import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { OWN_OPTIONS } from '../../../server/dev-command/options.js';
import { documentedOptions, FOREIGN_NAMES } from '../../support/documented-options.js';
import { OPTIONS } from '../../../server/options/table.js';
import { SPOOL_OPTIONS } from '../../../server/spool-command/options.js';
import type { OptionRow } from '../../../shared/options.js';
import { TOP_OPTIONS } from '../../../top/options.js';
import {
  anchorsOf,
  goalOf,
  problemOfLink,
  relativeLinks,
  slugOf,
} from '../../support/markdown-links.js';
import { isPackaged } from '../../support/packaged.js';
import { ROOT } from '../../support/server.js';

/** What users read leads somewhere, and speaks of what there is. */

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => path.join(folder, file)),
  ),
];

describe('the pages', () => {
  test('have no link or picture that leads nowhere', () => {
    const links = PAGES.flatMap(relativeLinks);
    assert.ok(links.length > 80, `${links.length} links`);
    assert.deepEqual(
      links.map(problemOfLink).filter((problem) => problem !== null),
      [],
    );
  });

  test('name no page as code that is not there', () => {
    const named = PAGES.flatMap((page) => {
      const text = readFileSync(path.join(ROOT, page), 'utf8');
      return [...text.matchAll(/`(docs\/[^`\s]+\.md)`/g)].map(([, file = '']) => file);
    });
    assert.ok(named.length > 10, `${named.length} names`);
    assert.deepEqual(
      named.filter((file) => !existsSync(path.join(ROOT, file))),
      [],
    );
  });

  test('would be told of one that does', () => {
    const page = 'README.md';
    assert.match(problemOfLink({ page, target: 'docs/none.md' }) ?? '', /there is no docs\/none/);
    assert.match(problemOfLink({ page, target: '#none' }) ?? '', /no heading of that name/);
    assert.equal(problemOfLink({ page, target: '#watch-it' }), null);
  });

  test('that are in the package lead to nothing that is not', () => {
    const links = PAGES.filter(isPackaged).flatMap(relativeLinks);
    assert.ok(links.length > 80, `${links.length} links`);
    assert.deepEqual(
      links
        .filter((link) => !isPackaged(goalOf(link)))
        .map(({ page, target }) => `${page}: ${target}`),
      [],
    );
  });

  test('are told from those that stay in the repository by what package.json says', () => {
    for (const file of ['README.md', 'docs/log.md', 'examples/systemd/', 'CHANGELOG.md']) {
      assert.ok(isPackaged(file), file);
    }
    for (const file of ['CONTRIBUTING.md', 'docs/queue.md', 'examples/start.ts', 'test']) {
      assert.ok(!isPackaged(file), file);
    }
  });

  test('have anchors as GitHub makes them', () => {
    assert.equal(slugOf("`--log-json`, what's new: [a](b.md) C_d"), '--log-json-whats-new-a-c_d');
    const text = '# A b\n## A b\n```\n# not\n```\n<a id="own"></a>\n';
    assert.deepEqual([...anchorsOf(text)].sort(), ['a-b', 'a-b-1', 'own']);
  });
});

test('every path that CONTRIBUTING names is there', () => {
  const text = readFileSync(path.join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const paths = [...text.matchAll(/`((?:server|top|shared|test|docs|\.ci)\/[^`\s]*)`/g)].map(
    ([, file = '']) => file,
  );
  assert.ok(paths.length > 40, `${paths.length} paths`);
  assert.deepEqual(
    paths.filter((file) => !existsSync(path.join(ROOT, file))),
    [],
  );
});

describe('options', () => {
  const tables: readonly (readonly OptionRow[])[] = [
    ...[OPTIONS, TOP_OPTIONS, SPOOL_OPTIONS, OWN_OPTIONS],
  ];
  const names = new Set(tables.flat().flatMap(({ name, aliases = [] }) => [name, ...aliases]));

  test('that a page names are there', () => {
    const unknown = PAGES.flatMap((page) =>
      documentedOptions(page)
        .filter((name) => !names.has(name) && !FOREIGN_NAMES.has(name))
        .map((name) => `${page}: --${name}`),
    );
    assert.deepEqual(unknown, []);
  });

  test('are each on the page of their program', () => {
    const told = ['options', 'tsuwsgitop', 'spooler', 'guides/develop']
      .map((page) => readFileSync(path.join(ROOT, `docs/${page}.md`), 'utf8'))
      .join('\n');
    const missing = tables.flat().filter(({ name }) => !told.includes(`--${name}`));
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
    );
  });
});
