import type { DecodedInstance, UwsgiSocket } from '../../shared/stats.js';
import { duration, grouped } from '../../shared/units.js';
import { type Block, row, type Row, UNKNOWN, words } from './block.js';
import { frontBlocks } from './front-blocks.js';
import { sanitizeShort } from './sanitize.js';
import { partBlocks } from './uwsgi-parts.js';

/** Columns of a name, such as an address or a folder. */
const NAMES = 28;
const LABELS = 11;
/** From this share of its limit on a queue wants a look. */
const FULL = 0.5;

/**
 * Everything of an instance but its workers: sockets, routers, what a real uWSGI has, locks, the
 * master; in lines of so many columns, where they fold.
 */
export function otherBlocks(
  instance: DecodedInstance,
  time: number | null,
  width: number,
): Block[] {
  return [
    socketBlock(instance),
    ...frontBlocks(instance, time, width),
    ...partBlocks(instance, time),
    ...lockBlock(instance),
    masterBlock(instance, time),
  ];
}

function socketBlock({ sockets, listen_queue_errors: errors }: DecodedInstance): Block {
  const listed = (sockets ?? []).map(socketRow);
  const why = sockets === undefined ? 'this server does not list them' : 'no socket is listed';
  const rows = [
    ...(listed.length === 0 ? [words('', why, 'dim')] : listed),
    ...row('listen queue errors', errors, grouped, (errors ?? 0) > 0 ? 'attention' : 'dim'),
  ];
  return { title: 'SOCKETS', labels: NAMES, rows };
}

function socketRow({ name, proto, queue, max_queue: most, shared, can_offload }: UwsgiSocket): Row {
  const kind = [
    sanitizeShort(proto, 24),
    ...(shared > 0 ? ['shared'] : []),
    ...(can_offload > 0 ? ['offloads'] : []),
  ].join(', ');
  const label = sanitizeShort(name, 200);
  // uWSGI measures TCP only, and that a second after its start: a limit of 0 is none.
  if (most <= 0) return words(label, `queue ${queue > 0 ? grouped(queue) : UNKNOWN} · ${kind}`);
  const share = Math.min(1, queue / most);
  const text = `queue ${grouped(queue)} of ${grouped(most)} · ${kind}`;
  return { label, text, tone: share >= FULL ? 'attention' : 'normal', share };
}

/** Locks: who holds which, and which are free. */
function lockBlock({ locks = [] }: DecodedInstance): Block[] {
  const all = locks.flatMap((lock) => Object.entries(lock));
  if (all.length === 0) return [];
  const held = all
    .filter(([, pid]) => pid > 0)
    .map(([name, pid]) => words(sanitizeShort(name, 200), `held by pid ${pid}`, 'attention'));
  const free = all.filter(([, pid]) => pid === 0).map(([name]) => sanitizeShort(name, 200));
  const rest = free.length === 0 ? [] : [words(`${free.length} free`, free.join(', '), 'dim')];
  return [{ title: 'LOCKS', labels: NAMES, rows: [...held, ...rest] }];
}

function masterBlock(instance: DecodedInstance, time: number | null): Block {
  const { version, node, start_time: start, cwd, uid, gid, server } = instance;
  const product = server === 'tsuwsgi' ? 'tsuwsgi' : 'uWSGI';
  const up = start === undefined || time === null ? undefined : Math.max(0, time - start);
  const rows = [
    ...row('pid', instance.pid, String),
    ...(version === undefined
      ? []
      : [words('version', `${product} ${sanitizeShort(version, 100)}`)]),
    ...(node === undefined ? [] : [words('node', sanitizeShort(node, 64))]),
    ...row('up', up, duration),
    ...row('uid', uid, (id) => `${id}, gid ${gid ?? UNKNOWN}`),
    ...(cwd === undefined ? [] : [words('folder', sanitizeShort(cwd, 400))]),
    ...row('signals', instance.signal_queue, (count) => `${grouped(count)} waiting`),
    ...row('async', instance.async, (places) => (places === 0 ? 'no cap' : grouped(places))),
  ];
  return { title: 'MASTER', labels: LABELS, rows };
}
