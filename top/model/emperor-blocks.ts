import type { DecodedEmperor } from '../../shared/stats.js';
import { duration, grouped } from '../../shared/units.js';
import { type Block, row, type Row, UNKNOWN, words } from './block.js';
import { sanitizeShort } from './sanitize.js';

/** Columns of a vassal's name: that of a file, as a rule. */
const NAMES = 28;
const LABELS = 11;

type Vassal = DecodedEmperor['vassals'][number];

/** An Emperor, its vassals with all that it says of them, and those that it does not start now. */
export function emperorBlocks(emperor: DecodedEmperor, time: number | null): Block[] {
  const { vassals, blacklist = [], throttle_level: throttle } = emperor;
  const about = [
    ...row('pid', emperor.pid, String),
    ...row('uid', emperor.uid, (uid) => `${uid}, gid ${emperor.gid ?? UNKNOWN}`),
    ...emperor.emperor.map((folder) => words('watches', sanitizeShort(folder, 400))),
    ...row('tyrant', emperor.emperor_tyrant, (on) => (on === 0 ? 'no' : 'yes')),
    ...row('throttle', throttle, (ms) => `${grouped(ms)} ms`),
  ];
  const held = blacklist.map((one) =>
    words(sanitizeShort(one.id ?? '?', 200), blacklistText(one, time), 'attention'),
  );
  return [
    { title: 'EMPEROR', labels: LABELS, rows: about },
    { title: 'VASSALS', labels: NAMES, rows: vassals.map((vassal) => vassalRow(vassal, time)) },
    ...(held.length === 0 ? [] : [{ title: 'BLACKLIST', labels: NAMES, rows: held }]),
  ];
}

function ago(at: number | undefined, time: number | null): string {
  return at === undefined || at <= 0 || time === null ? UNKNOWN : duration(time - at);
}

function vassalRow(vassal: Vassal, time: number | null): Row {
  const { id, pid, cursed = 0 } = vassal;
  const parts = [
    `pid ${pid}`,
    ...flags(vassal),
    `runs for ${ago(vassal.last_run, time)}`,
    ...(vassal.respawns === undefined ? [] : [`${grouped(vassal.respawns)} respawns`]),
    ...since('cursed', cursed, time),
    ...since('heartbeat', vassal.last_heartbeat, time),
    ...since('changed', vassal.last_mod, time),
    ...whereabouts(vassal),
  ];
  return words(sanitizeShort(id, 200), parts.join(' · '), cursed > 0 ? 'alarm' : 'normal');
}

/** When something happened; nothing for what never did. */
function since(what: string, at: number | undefined, time: number | null): string[] {
  return at === undefined || at <= 0 ? [] : [`${what} ${ago(at, time)} ago`];
}

function whereabouts({ on_demand: demand = '', uid, gid, monitor = '' }: Vassal): string[] {
  return [
    ...(demand === '' ? [] : [`on demand at ${sanitizeShort(demand, 100)}`]),
    ...(uid === undefined ? [] : [`uid ${uid}, gid ${gid ?? UNKNOWN}`]),
    ...(monitor === '' ? [] : [`in ${sanitizeShort(monitor, 200)}`]),
  ];
}

function flags({ loyal, ready, accepting, zerg }: Vassal): string[] {
  const told: readonly (readonly [string, number | undefined])[] = [
    ['ready', ready],
    ['accepting', accepting],
    ['loyal', loyal],
    ['zerg', zerg],
  ];
  return told.flatMap(([word, value]) => {
    if (value === undefined) return [];
    return value > 0 ? [word] : word === 'ready' ? ['not ready'] : [];
  });
}

function blacklistText(
  one: NonNullable<DecodedEmperor['blacklist']>[number],
  time: number | null,
): string {
  const { throttle_level: throttle, attempt, first_attempt: first, last_attempt: last } = one;
  const wait = throttle === undefined ? UNKNOWN : `${grouped(throttle)} ms`;
  const tries = attempt === undefined ? UNKNOWN : grouped(attempt);
  return `waits ${wait} · attempt ${tries}, first ${ago(first, time)} ago, last ${ago(last, time)} ago`;
}
