import type { DecodedInstance, HttpRouterStats } from '../../shared/stats.js';
import { bytes, grouped } from '../../shared/units.js';
import { type BackEnd, backEndsOf } from './back-ends.js';
import { type Block, type Row, type Tone, words } from './block.js';
import { certificateBlock } from './certificate-block.js';
import { folded, nameColumns, roomBeside } from './folded.js';
import { sanitizeShort } from './sanitize.js';

/** Columns of the name of a router: `http 1 (pid 123456)`. */
const ROUTER_NAMES = 20;
/** What a bar takes of a line. */
const BAR = 13;
/** From this share of its limit on a queue wants a look. */
const FULL = 0.5;
/** What stands in front of the workers, or before foreign back ends, in lines of so many columns. */
export function frontBlocks(
  { routers = [], certificates = [] }: DecodedInstance,
  time: number | null,
  width: number,
): Block[] {
  return [
    ...(routers.length === 0 ? [] : [routerBlock(routers, width)]),
    ...backendBlock(routers, width),
    ...certificateBlock(certificates, time, width),
  ];
}

function routerBlock(routers: readonly HttpRouterStats[], width: number): Block {
  const rows = routers.flatMap((router) => routerRows(router, width));
  return { title: 'ROUTERS', labels: ROUTER_NAMES, rows };
}

/** A router: how it stands in a line with a bar for its queue, and below that what it has counted. */
function routerRows(router: HttpRouterStats, width: number): Row[] {
  const { id, pid, state, queued, queue_limit: most } = router;
  const label = `http ${id}${pid > 0 ? ` (pid ${pid})` : ''}`;
  const share = most > 0 ? Math.min(1, queued / most) : 0;
  const tone: Tone = state === 'ready' && share < FULL ? 'normal' : 'attention';
  const room = roomBeside(ROUTER_NAMES, width);
  const [first = '', ...rest] = folded(standing(router), room - BAR);
  const more = [...rest, ...folded(counts(router), room)];
  const refused = folded(causes('refused', router.refused), room);
  return [
    { label, text: first, tone, share },
    ...more.map((text) => words('', text)),
    ...refused.map((text) => words('', text, 'attention')),
  ];
}

function standing(router: HttpRouterStats): string[] {
  return [
    router.state,
    `queue ${grouped(router.queued)} of ${grouped(router.queue_limit)}`,
    `${grouped(router.in_flight)} in flight`,
    plural(router.connections, 'connection'),
    ...(router.upgraded > 0 ? [plural(router.upgraded, 'tunnel')] : []),
  ];
}

function counts(router: HttpRouterStats): string[] {
  return [
    plural(router.requests, 'request'),
    ...some(router.static_requests, 'from files'),
    ...some(router.retries, router.retries === 1 ? 'retry' : 'retries'),
    ...some(router.aborted, 'left early'),
    `rx ${bytes(router.rx)}`,
    `tx ${bytes(router.tx)}`,
    ...causes('answered by itself', router.answered),
  ];
}

const some = (count: number, what: string): string[] =>
  count > 0 ? [`${grouped(count)} ${what}`] : [];

const plural = (count: number, what: string): string =>
  `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;

/** How many in all, and the single counts behind that, the largest first. */
function causes(what: string, counted: Readonly<Record<string, number>>): string[] {
  const all = Object.entries(counted).sort(([, a], [, b]) => b - a);
  const sum = all.reduce((total, [, count]) => total + count, 0);
  if (sum === 0) return [];
  const [first = '', ...rest] = all.map(
    ([name, count]) => `${sanitizeShort(name, 40)} ${grouped(count)}`,
  );
  return [`${grouped(sum)} ${what}: ${first}`, ...rest];
}

/** The back ends of `--http-to`; the bar of each is its share of the requests. */
function backendBlock(routers: readonly HttpRouterStats[], width: number): Block[] {
  const all = backEndsOf(routers);
  if (all.length === 0) return [];
  const labels = nameColumns(
    all.map(({ address }) => address),
    width,
  );
  const total = all.reduce((sum, { requests }) => sum + requests, 0);
  const room = roomBeside(labels, width);
  const rows = all.flatMap(({ address, states, inFlight, requests, errors }): Row[] => {
    const { text, tone } = healthOf(states);
    const parts = [
      text,
      `${grouped(inFlight)} in flight`,
      plural(requests, 'request'),
      ...(errors > 0 ? [plural(errors, 'error')] : []),
    ];
    const [first = '', ...rest] = folded(parts, room - BAR);
    const share = total > 0 ? requests / total : 0;
    return [
      { label: sanitizeShort(address, 200), text: first, tone, share },
      ...rest.map((line) => words('', line, tone)),
    ];
  });
  return [{ title: 'BACK ENDS', labels, rows }];
}

/** Each router finds out for itself whether a back end can be reached. */
function healthOf(states: BackEnd['states']): { readonly text: string; readonly tone: Tone } {
  const down = states.filter((state) => state === 'down').length;
  if (down === states.length) return { text: 'down', tone: 'alarm' };
  if (down > 0) return { text: `down for ${down} of ${states.length}`, tone: 'attention' };
  if (states.includes('trying')) return { text: 'is tried again', tone: 'attention' };
  return { text: 'up', tone: 'normal' };
}
