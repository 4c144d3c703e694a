import type { DecodedRouter, UwsgiNode } from '../../shared/stats.js';
import { grouped } from '../../shared/units.js';
import { sanitizeShort } from '../model/sanitize.js';
import { routerName } from '../model/without-workers.js';

/** How a router stands, in sentences. */
export function routerOpening(router: DecodedRouter): string[] {
  const { addresses, subscriptions = [], cheap = 0 } = router;
  const place = addresses.length === 0 ? '' : ` at ${addresses.map(safe).join(', ')}`;
  return [
    `uWSGI ${routerName(router)}${place}`,
    ...sessionSentence(router),
    ...(cheap > 0 ? ['it is cheap: no node is there'] : []),
    ...subscriptions.map(
      ({ key = '?', nodes = [] }) => `key ${safe(key)}: ${plural(nodes.length, 'node')}`,
    ),
  ];
}

/** What differs between two documents of a router, in sentences; none when nothing does. */
export function routerChanges(before: DecodedRouter, after: DecodedRouter): string[] {
  const sessions = before.active_sessions === after.active_sessions ? [] : sessionSentence(after);
  const cheap = (after.cheap ?? 0) > 0;
  const turned = (before.cheap ?? 0) > 0 !== cheap;
  const [old, now] = [nodesOf(before), nodesOf(after)];
  return [
    ...sessions,
    ...(turned ? [cheap ? 'it is cheap now: no node is there' : 'it is not cheap any more'] : []),
    ...[...now].filter(([name]) => !old.has(name)).map(([name]) => `${name} came`),
    ...[...old].filter(([name]) => !now.has(name)).map(([name]) => `${name} is gone`),
    ...[...now].flatMap(([name, node]) => troubles(name, old.get(name), node)),
  ];
}

function sessionSentence({ active_sessions: sessions }: DecodedRouter): string[] {
  return sessions === undefined ? [] : [plural(sessions, 'session')];
}

/** What went wrong with a node since the document before. */
function troubles(
  name: string,
  before: Partial<UwsgiNode> | undefined,
  { failcnt = 0, death_mark: death = 0 }: Partial<UwsgiNode>,
): string[] {
  if (before === undefined) return [];
  return [
    ...(failcnt > (before.failcnt ?? 0) ? [`${name} failed: ${plural(failcnt, 'failure')}`] : []),
    ...(death > 0 && (before.death_mark ?? 0) === 0 ? [`${name} is being removed`] : []),
  ];
}

/** The nodes of all keys, by what a sentence calls them. */
function nodesOf({ subscriptions = [] }: DecodedRouter): Map<string, Partial<UwsgiNode>> {
  return new Map(
    subscriptions.flatMap(({ key = '?', nodes = [] }) =>
      nodes.map((node) => [`node ${safe(node.name ?? '?')} of ${safe(key)}`, node] as const),
    ),
  );
}

const safe = (text: string): string => sanitizeShort(text, 100);

const plural = (count: number, what: string): string =>
  `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
