import type {
  DecodedRouter,
  UwsgiNode,
  UwsgiStaticNode,
  UwsgiSubscription,
} from '../../shared/stats.js';
import { bytes, duration, grouped } from '../../shared/units.js';
import { type Block, row, type Row, type Tone, UNKNOWN, words } from './block.js';
import { sanitizeShort } from './sanitize.js';
import { routerName } from './without-workers.js';

const LABELS = 11;
/** Columns of a node's name: an address, as a rule. */
const NAMES = 24;

/** A router: where it listens and for whom, and each key with the nodes behind it. */
export function routerBlocks(router: DecodedRouter, time: number | null): Block[] {
  const { static_nodes: fixed = [], subscriptions = [] } = router;
  return [
    { title: routerName(router).toUpperCase(), labels: LABELS, rows: aboutRows(router) },
    ...(fixed.length === 0
      ? []
      : [{ title: 'STATIC NODES', labels: NAMES, rows: fixed.map((one) => staticRow(one, time)) }]),
    ...subscriptions.map((one) => subscriptionBlock(one, time)),
  ];
}

function aboutRows(router: DecodedRouter): Row[] {
  const { addresses, active_sessions: sessions, cheap, subscriptions, version, cwd } = router;
  const nodes = subscriptions?.reduce((sum, one) => sum + (one.nodes?.length ?? 0), 0);
  const places = addresses.map((address, index) =>
    words(index === 0 ? 'listens at' : '', sanitizeShort(address, 200), 'bright'),
  );
  return [
    ...row('sessions', sessions, (all) => `${grouped(all)} now`, sessions === 0 ? 'dim' : 'bright'),
    ...row('cheap', cheap, cheapText, (cheap ?? 0) > 0 ? 'attention' : 'dim'),
    ...row(
      'keys',
      subscriptions?.length,
      (keys) => `${grouped(keys)}, ${grouped(nodes ?? 0)} nodes`,
    ),
    ...(places.length > 0 ? places : [words('listens at', UNKNOWN, 'dim')]),
    ...row('pid', router.pid, String),
    ...row('uid', router.uid, (uid) => `${uid}, gid ${router.gid ?? UNKNOWN}`),
    ...(version === undefined ? [] : [words('version', `uWSGI ${sanitizeShort(version, 100)}`)]),
    ...(cwd === undefined ? [] : [words('folder', sanitizeShort(cwd, 400))]),
  ];
}

const cheapText = (cheap: number): string =>
  cheap > 0 ? 'yes: it does not accept until a node is there' : 'no';

function staticRow({ name, hits, grace = 0 }: Partial<UwsgiStaticNode>, time: number | null): Row {
  const held = grace > 0 ? ` · failed ${ago(grace, time)} ago, left alone for a while` : '';
  const text = `${counted(hits)} hits${held}`;
  return words(sanitizeShort(name ?? '?', 200), text, grace > 0 ? 'attention' : 'normal');
}

function subscriptionBlock(one: Partial<UwsgiSubscription>, time: number | null): Block {
  const { key = '?', hits, nodes = [], sni_enabled: sni = 0 } = one;
  const total = nodes.reduce((sum, { requests = 0 }) => sum + requests, 0);
  const facts = [
    sanitizeShort(key, 200),
    `${counted(hits)} hits`,
    `${nodes.length} node${nodes.length === 1 ? '' : 's'}`,
    ...(sni > 0 ? ['SNI'] : []),
  ];
  const rows =
    nodes.length === 0
      ? [words('', 'no node serves this key', 'alarm')]
      : nodes.map((node) => nodeRow(node, total, time));
  return { title: `KEY ${facts.join(' · ')}`, labels: NAMES, rows };
}

/** A node; its bar is its share of the requests of its key. */
function nodeRow(node: Partial<UwsgiNode>, total: number, time: number | null): Row {
  const { requests, ref, load, weight, tx, rx, cores, failcnt = 0, death_mark: death = 0 } = node;
  const text = [
    ...(death > 0 ? ['is removed'] : []),
    ...(failcnt > 0 ? [`${grouped(failcnt)} failures`] : []),
    `${counted(requests)} requests`,
    ...told('sessions', ref, grouped),
    ...told('load', load, grouped),
    ...told('weight', weight, grouped),
    ...told('cores', cores, grouped),
    ...told('tx', tx, bytes),
    ...told('rx', rx, bytes),
    ...heardOf(node, time),
    ...owner(node),
  ].join(' · ');
  const share = total > 0 ? (requests ?? 0) / total : 0;
  return { label: sanitizeShort(node.name ?? '?', 200), text, tone: toneOf(failcnt, death), share };
}

function toneOf(failures: number, death: number): Tone {
  if (death > 0) return 'alarm';
  return failures > 0 ? 'attention' : 'normal';
}

function heardOf(
  { last_check: at, last_requests: since }: Partial<UwsgiNode>,
  time: number | null,
) {
  if (at === undefined || at <= 0) return [];
  const count = since === undefined ? '' : `, ${grouped(since)} requests since`;
  return [`heard of ${ago(at, time)} ago${count}`];
}

/** uWSGI knows the process of a node only when it signs what it announces: 0 is not known. */
function owner({ pid = 0, modifier1 = 0, modifier2 = 0 }: Partial<UwsgiNode>): string[] {
  return [
    ...(pid > 0 ? [`pid ${pid}`] : []),
    ...(modifier1 > 0 || modifier2 > 0 ? [`modifiers ${modifier1} ${modifier2}`] : []),
  ];
}

function told(
  name: string,
  value: number | undefined,
  format: (value: number) => string,
): string[] {
  return value === undefined ? [] : [`${name} ${format(value)}`];
}

const counted = (value: number | undefined): string =>
  value === undefined ? UNKNOWN : grouped(value);

function ago(at: number, time: number | null): string {
  return time === null ? UNKNOWN : duration(Math.max(0, time - at));
}
