import type { DecodedInstance } from '../../shared/stats.js';
import { visible } from '../request-log/escape.js';

/** How many of the last events are told. */
const EVENTS = 5;

/** Whether at least one worker takes requests; without workers, whether a router or spooler runs. */
export function isServing(instance: DecodedInstance): boolean {
  const { workers, routers = [], spoolers = [] } = instance;
  if (workers.length > 0) return workers.some(({ state }) => state === 'ready');
  return [...routers, ...spoolers].some(({ state }) => state === 'ready');
}

/** What is told of an instance, a `name: value` a line: scripts may rely on the names. */
export function statusLines(instance: DecodedInstance): string[] {
  const { workers, time = 0, start_time: start = time, events = [] } = instance;
  const ready = workers.filter(({ state }) => state === 'ready').length;
  const busy = workers.filter(({ in_flight: inFlight = 0 }) => inFlight > 0).length;
  const requests = workers.reduce((sum, { requests: each = 0 }) => sum + each, 0);
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    ['state', isServing(instance) ? 'serving' : 'not serving'],
    ['name', instance.name === '' ? undefined : instance.name],
    ['pid', instance.pid],
    ['version', instance.version],
    ['node', instance.node],
    ['uptime_s', Math.max(0, Math.round(time - start))],
    ['workers', workers.length],
    ['workers_ready', ready],
    ['workers_busy', busy],
    ['requests', requests],
    ['in_flight', instance.in_flight],
    ['listen_queue', instance.listen_queue],
    ['reload', stateText(instance.reload)],
    ['upgrade', stateText(instance.upgrade)],
    ...events
      .slice(-EVENTS)
      .map((event) => ['event', `${timeText(event.time)} ${event.text}`] as const),
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${visible(String(value))}`],
  );
}

function stateText(of: { readonly state: string; readonly reason: string } | undefined) {
  if (of === undefined || of.state === 'none') return undefined;
  return of.reason === '' ? of.state : `${of.state}: ${of.reason}`;
}

function timeText(seconds: number): string {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? '-' : `${time.toISOString().slice(0, 19)}Z`;
}
