import type { DecodedInstance, UwsgiCron, UwsgiParts } from '../../shared/stats.js';
import { bytes, duration, grouped } from '../../shared/units.js';
import { type Block, type Row, UNKNOWN, words } from './block.js';
import { sanitizeShort } from './sanitize.js';
import { spoolersRows } from './spooler-block.js';

/** Columns of a name, such as that of a cache or a folder. */
const NAMES = 28;

const name = (text: string | undefined): string => sanitizeShort(text ?? UNKNOWN, 200);
const told = (value: number | undefined): string =>
  value === undefined ? UNKNOWN : value < 0 ? `-${grouped(-value)}` : grouped(value);

/** What only a real uWSGI has, a block for each part that is configured. */
export function partBlocks(instance: DecodedInstance, time: number | null): Block[] {
  const { caches = [], spoolers = [], crons = [], daemons = [], legions = [] } = instance;
  const blocks: Block[] = [
    { title: 'CACHES', labels: NAMES, rows: caches.map(cacheRow) },
    { title: 'SPOOLERS', labels: NAMES, rows: spoolersRows(spoolers) },
    { title: 'CRONS', labels: NAMES, rows: crons.map((cron) => cronRow(cron, time)) },
    { title: 'DAEMONS', labels: NAMES, rows: daemons.map(daemonRow) },
    { title: 'LEGIONS', labels: NAMES, rows: legions.map(legionRow) },
    { title: 'METRICS', labels: NAMES, rows: metricRows(instance.metrics ?? {}) },
  ];
  return blocks.filter(({ rows }) => rows.length > 0);
}

function cacheRow(cache: UwsgiParts['caches'][number]): Row {
  const { items, max_items: most, hits, miss, full, blocks, blocksize } = cache;
  const asked = hits === undefined || miss === undefined ? 0 : hits + miss;
  const ratio = asked > 0 ? ` (${Math.round((100 * (hits ?? 0)) / asked)} % hit)` : '';
  const size = blocksize === undefined ? UNKNOWN : bytes(blocksize);
  const text = [
    `${told(items)} of ${told(most)} items`,
    `${told(hits)} hits, ${told(miss)} misses${ratio}`,
    `${told(full)} times full`,
    `${told(blocks)} blocks of ${size}`,
  ].join(' · ');
  const tone = (full ?? 0) > 0 ? 'attention' : 'normal';
  const line = { label: name(cache.name), text, tone } as const;
  if (items === undefined || most === undefined || most <= 0) return line;
  return { ...line, share: Math.min(1, items / most) };
}

/** As in a crontab: `*` for -1, the step of a negative one for -5. */
function field(value: number | undefined): string {
  if (value === undefined) return UNKNOWN;
  return value >= 0 ? String(value) : value === -1 ? '*' : `*/${-value}`;
}

function cronRow(cron: Partial<UwsgiCron>, time: number | null): Row {
  const { minute, hour, day, month, week, pid = -1, started_at: start = 0, legion = '' } = cron;
  const when = [minute, hour, day, month, week].map(field).join(' ');
  const runs = pid > 0;
  const since = start > 0 && time !== null ? ` for ${duration(time - start)}` : '';
  const text = [
    runs ? `runs${since}, pid ${pid}` : 'waits',
    ...((cron.unique ?? 0) > 0 ? ['unique'] : []),
    ...(legion === '' ? [] : [`legion ${name(legion)}`]),
    name(cron.command),
  ].join(' · ');
  return words(when, text, runs ? 'work' : 'normal');
}

function daemonRow({ cmd, pid = 0 }: UwsgiParts['daemons'][number]): Row {
  return pid > 0
    ? words(`pid ${pid}`, name(cmd), 'normal')
    : words('does not run', name(cmd), 'attention');
}

function legionRow(legion: UwsgiParts['legions'][number]): Row {
  const { valor, quorum, nodes = [], members = [] } = legion;
  const lord = (legion.i_am_the_lord ?? 0) > 0 ? 'is the lord' : 'follows';
  const text = [
    lord,
    `valor ${told(valor)}, of the lord ${told(legion.lord_valor)}`,
    `quorum ${told(quorum)}`,
    `${members.length} members`,
    `at ${name(legion.addr)}`,
    ...(nodes.length === 0 ? [] : [`nodes ${nodes.map(name).join(', ')}`]),
  ].join(' · ');
  return words(name(legion.legion), text);
}

function metricRows(metrics: UwsgiParts['metrics']): Row[] {
  return Object.entries(metrics).map(([key, { value }]) => words(name(key), told(value)));
}
