import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../support/server.js';

/** The site that `npm run docs` makes is read from a folder, and every link of it leads somewhere. */

interface Site {
  readonly makeSite: (folder: string) => Promise<void>;
}

describe('the site of the docs', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-site-'));
  const texts = new Map<string, string>();

  before(async () => {
    const { makeSite } = (await import(
      pathToFileURL(path.join(ROOT, '.ci/site.mjs')).href
    )) as Site;
    await makeSite(folder);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.html')) continue;
      texts.set(path.join(folder, file), readFileSync(path.join(folder, file), 'utf8'));
    }
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  test('has the quick start in front, and every page', () => {
    assert.match(texts.get(path.join(folder, 'index.html')) ?? '', /<h1 id="quick-start">/);
    const pages = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
    for (const page of pages.filter((file) => file.endsWith('.md'))) {
      const isFront = page === path.join('guides', 'quick-start.md');
      const file = isFront ? 'index.html' : path.join('docs', page.replace(/\.md$/, '.html'));
      assert.ok(texts.has(path.join(folder, file)), file);
    }
  });

  test('leads from every page to every other', () => {
    for (const [file, text] of texts) {
      const [navigation = ''] = /<nav>[^]*<\/nav>/.exec(text) ?? [];
      assert.equal(navigation.match(/<li>/g)?.length, texts.size, file);
      assert.equal(navigation.match(/aria-current/g)?.length, 1, file);
    }
  });

  test('has no link that leads nowhere', () => {
    const wrong: string[] = [];
    let found = 0;
    for (const [file, text] of texts) {
      for (const [, target = ''] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (/^[a-z][a-z+.-]*:/i.test(target)) continue;
        found += 1;
        const problem = problemOf(file, target);
        if (problem !== null) wrong.push(`${path.relative(folder, file)}: ${target}: ${problem}`);
      }
    }
    assert.ok(found > 500, `${found} links`);
    assert.deepEqual(wrong, []);
  });

  test('leads to the pages that others name as code, since they are not in the package', () => {
    const page = texts.get(path.join(folder, 'docs/spooler.html')) ?? '';
    assert.match(page, /<a href="queue\.html"><code>docs\/queue\.md<\/code><\/a>/);
  });

  test('shows the views of the dashboard as the goldens have them', () => {
    const page = texts.get(path.join(folder, 'docs/tsuwsgitop.html')) ?? '';
    const shown = [...page.matchAll(/<img src="\.\.\/pictures\/([\w-]+)\.svg" alt="[^"]+"/g)];
    const names = shown.map(([, name = '']) => name);
    assert.deepEqual(names.toSorted(), [
      'detail',
      'events',
      'memory',
      'others',
      'queue',
      'requests-in-flight',
      'workers',
    ]);
    for (const name of names) {
      const golden = readFileSync(path.join(ROOT, `test/golden/${name}-colour-120x40.txt`), 'utf8');
      const words = golden.replaceAll(/\{[^}]*\}/g, ' ').match(/[a-z]{4,}/g) ?? [];
      const picture = readFileSync(path.join(folder, `pictures/${name}.svg`), 'utf8');
      const missing = words.filter((word) => !picture.includes(word));
      assert.ok(words.length > 20, name);
      assert.deepEqual(missing, [], name);
    }
  });

  test('has no scripts, and loads nothing from elsewhere', () => {
    for (const [file, text] of texts) {
      assert.doesNotMatch(text, /<script|<link|\ssrc="https?:|@import|url\(/, file);
    }
  });

  function problemOf(from: string, target: string): string | null {
    const [name = '', anchor] = target.split('#', 2);
    const file = name === '' ? from : path.resolve(path.dirname(from), decodeURIComponent(name));
    if (!existsSync(file)) return 'there is no such file';
    if (anchor === undefined || statSync(file).isDirectory()) return null;
    const isThere = texts.get(file)?.includes(` id="${anchor}"`) ?? true;
    return isThere ? null : 'there is no such heading';
  }
});
