import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './server.js';

/** A link of a page, as it is written. */
export interface Link {
  readonly page: string;
  readonly target: string;
}

/** A text without its code, in which brackets are no links. */
function withoutCode(text: string): string {
  return text
    .replaceAll(/^( *)(`{3,})[^]*?^\1\2 *$/gm, '')
    .replaceAll(/(`+)[^`][^]*?\1/g, 'code')
    .replaceAll(/^(?: {4}|\t).*$/gm, '');
}

/** The links and pictures of a page that stay within the repository. */
export function relativeLinks(page: string): Link[] {
  const text = withoutCode(readFileSync(path.join(ROOT, page), 'utf8'));
  return [...text.matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g)]
    .map(([, target = '']) => ({ page, target }))
    .filter(({ target }) => !/^[a-z][a-z+.-]*:/i.test(target));
}

/** The anchors of a page, by GitHub's rule: small letters, hyphens for spaces, nothing else. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id));
  for (const [, heading = ''] of withFences(text).matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = slugOf(heading);
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    anchors.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return anchors;
}

function withFences(text: string): string {
  return text.replaceAll(/^( *)(`{3,})[^]*?^\1\2 *$/gm, '');
}

/** The anchor of a heading. */
export function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** The file or folder of the repository that a link leads to. */
export function goalOf({ page, target }: Link): string {
  const [name = ''] = target.split('#', 1);
  return name === '' ? page : path.join(path.dirname(page), decodeURIComponent(name));
}

/** Why a link leads nowhere; null when it leads somewhere. */
export function problemOfLink({ page, target }: Link): string | null {
  const anchor = target.split('#', 2)[1];
  const file = goalOf({ page, target });
  if (!existsSync(path.join(ROOT, file))) return `${page}: ${target}: there is no ${file}`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  const anchors = anchorsOf(readFileSync(path.join(ROOT, file), 'utf8'));
  return anchors.has(anchor) ? null : `${page}: ${target}: ${file} has no heading of that name`;
}
