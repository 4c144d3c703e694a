// npm run docs: makes a site of the pages in docs/ and the README. No scripts, no server: it is read
// from a folder too, so every link is relative. Links to what is no page lead to a copy of the file.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import { drawn, PICTURES } from './site-pictures.mjs';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const TEMPLATE = readFileSync(new URL('site.html', import.meta.url), 'utf8');

/** What stands beside every page; the pages of a part that are not named follow the others. */
const PARTS = [
  ['Start', ['docs/guides/quick-start.md', 'README.md', 'CHANGELOG.md']],
  [
    'Guides',
    [
      'docs/guides/develop.md',
      'docs/operate.md',
      'docs/platforms.md',
      'docs/tsuwsgitop.md',
      'docs/guides/monitor.md',
      'docs/guides/debug-a-stuck-worker.md',
      'docs/guides/debug-a-leak.md',
    ],
  ],
  [
    'Reference',
    [
      'docs/options.md',
      'docs/stats.md',
      'docs/control.md',
      'docs/live-protocol.md',
      'docs/metrics.md',
    ],
  ],
  ['Inside', ['docs/architecture.md', 'CONTRIBUTING.md', 'docs/benchmarks.md']],
];

const markdownBelow = (folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.posix.join(folder, file))
    .sort();

function partsOf(pages) {
  const named = new Set(PARTS.flatMap(([, files]) => files));
  const left = pages.filter((page) => !named.has(page) && page.startsWith('docs/'));
  const isGuide = (page) => page.startsWith('docs/guides/');
  return PARTS.map(([title, files]) => [
    title,
    [
      ...files,
      ...(title === 'Guides' ? left.filter(isGuide) : []),
      ...(title === 'Reference' ? left.filter((page) => !isGuide(page)) : []),
    ],
  ]);
}

/** The first page is the front. */
const fileOf = (page) => (page === PARTS[0][1][0] ? 'index.html' : page.replace(/\.md$/, '.html'));

const escaped = (text) =>
  text.replace(
    /[&<>"]/g,
    (each) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[each],
  );

/** The anchor of a heading, by GitHub's rule, which the pages are written for. */
const slugOf = (text) =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');

const textOf = (tokens) =>
  tokens.map((token) => (token.tokens ? textOf(token.tokens) : (token.text ?? ''))).join('');

const pictureFile = (name) => `pictures/${name}.svg`;

/** What a comment of a page asks for: in the repository the page is text alone. */
function pictured(html, page, pictures) {
  return html.replaceAll(/<!-- picture: ([\w-]+) -->/g, (_, name) => {
    const alt = PICTURES[name];
    if (alt === undefined) throw new Error(`${page}: there is no picture "${name}"`);
    pictures.add(name);
    const src = path.posix.relative(path.posix.dirname(fileOf(page)), pictureFile(name));
    return `<p><img src="${src}" alt="${escaped(alt)}" loading="lazy"></p>`;
  });
}

function render(page, pages, { copies, pictures }) {
  const seen = new Map();
  const relink = (target) => {
    if (/^(?:[a-z][a-z+.-]*:|#)/i.test(target)) return target;
    const [name, anchor] = target.split('#');
    const file = path.posix.join(path.posix.dirname(page), name);
    if (!pages.includes(file)) copies.add(file);
    const goal = pages.includes(file) ? fileOf(file) : file;
    const to = path.posix.relative(path.posix.dirname(fileOf(page)), goal);
    return anchor === undefined ? to : `${to}#${anchor}`;
  };
  const up = (file) => path.posix.relative(path.posix.dirname(page), file);
  const marked = new Marked({
    gfm: true,
    walkTokens: (token) => {
      if (token.type === 'link' || token.type === 'image') token.href = relink(token.href);
    },
    renderer: {
      // Pages of the package name those that stay in the repository without a link: here they are.
      codespan({ text }) {
        const code = `<code>${escaped(text)}</code>`;
        return pages.includes(text) ? `<a href="${relink(up(text))}">${code}</a>` : code;
      },
      heading({ tokens, depth }) {
        const slug = slugOf(textOf(tokens));
        const times = seen.get(slug) ?? 0;
        seen.set(slug, times + 1);
        const id = times === 0 ? slug : `${slug}-${times}`;
        return `<h${depth} id="${escaped(id)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      table(token) {
        const plain = Object.getPrototypeOf(this).table.call(this, token);
        return `<div class="table">${plain}</div>\n`;
      },
    },
  });
  const html = marked.parse(readFileSync(path.join(ROOT, page), 'utf8'));
  return pictured(html, page, pictures);
}

const titleOf = (page) =>
  /^# (.+)$/m.exec(readFileSync(path.join(ROOT, page), 'utf8'))?.[1].replaceAll('`', '') ?? page;

function navigation(page, parts) {
  const here = path.posix.dirname(fileOf(page));
  return parts
    .map(([title, files]) => {
      const items = files.map((file) => {
        const current = file === page ? ' aria-current="page"' : '';
        const href = path.posix.relative(here, fileOf(file));
        return `<li><a href="${href}"${current}>${escaped(titleOf(file))}</a></li>`;
      });
      return `<h2>${title}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
    })
    .join('\n');
}

/** A copy of what a page names, a folder with all that is in it. */
function copy(file, site) {
  const from = path.join(ROOT, file);
  const to = path.join(site, file);
  try {
    for (const name of readdirSync(from)) copy(path.posix.join(file, name), site);
  } catch (error) {
    if (error.code !== 'ENOTDIR') throw error;
    mkdirSync(path.dirname(to), { recursive: true });
    copyFileSync(from, to);
  }
}

/** Makes the site in a folder, whose name tells what was there before: it is removed. */
export async function makeSite(site) {
  const pages = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', ...markdownBelow('docs')];
  const parts = partsOf(pages);
  const needed = { copies: new Set(), pictures: new Set() };
  rmSync(site, { recursive: true, force: true });
  for (const page of pages) {
    const file = path.join(site, fileOf(page));
    mkdirSync(path.dirname(file), { recursive: true });
    const content = {
      title: escaped(titleOf(page)),
      navigation: navigation(page, parts),
      content: render(page, pages, needed),
    };
    writeFileSync(
      file,
      TEMPLATE.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => content[name]),
    );
  }
  for (const file of needed.copies) copy(file, site);
  mkdirSync(path.join(site, 'pictures'));
  for (const name of needed.pictures) {
    writeFileSync(path.join(site, pictureFile(name)), await drawn(name));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await makeSite(path.join(ROOT, 'site'));
  process.stdout.write('site/index.html\n');
}
