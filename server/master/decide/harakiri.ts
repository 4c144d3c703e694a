import type { HarakiriRecord } from '../../../shared/stats.js';
import type { FlightSample } from '../../wire/sample-frames.js';
import { ctime } from '../../request-log/times.js';
import type { MasterEffect, MasterEvent } from './events.js';
import { type Decision, draining, ending, log } from './process.js';
import { type WorkerProcess, type WorkerSlot, withProcess } from './slots.js';
import { type MasterState, slotOf, withSlot } from './state.js';

type HarakiriEvent = Extract<MasterEvent, { type: 'harakiri' }>;

/** So many records are kept, each with so many frames of its stack. */
const KEPT = { records: 50, frames: 16 } as const;

/**
 * A request took too long. On a living loop its client has its 504 already: the worker serves on
 * until its replacement is ready, then drains. A blocked one is killed, or gets
 * `--harakiri-graceful-timeout` to come back. A process counts once, whatever it goes on to do.
 */
export function onHarakiri(state: MasterState, event: HarakiriEvent, now: number): Decision {
  const slot = slotOf(state, event.pid);
  const process = slot?.processes.find(({ pid }) => pid === event.pid);
  if (slot === undefined || process === undefined) return [state, []];
  const { report } = event;
  if (isKnown(state, event)) return [state, []];
  const marked: WorkerProcess = { ...process, harakiri: true };
  const counted: WorkerSlot = {
    ...withProcess(slot, marked),
    harakiris: slot.harakiris + (process.harakiri ? 0 : 1),
  };
  const recorded: MasterState = {
    ...withSlot(state, counted),
    harakiris: [...state.harakiris, recordOf(slot.id, event)].slice(-KEPT.records),
  };
  const isGraceful = report.face === 'slow' || state.settings.harakiriGraceMs > 0;
  const lines = obituary(slot.id, event, {
    isGraceful,
    isVerbose: state.settings.harakiriVerbose,
  }).map((line) => log(line, 'error'));
  const [next, effects] =
    report.face === 'blocked'
      ? punish(recorded, counted, marked, now)
      : [withSlot(recorded, replaced(counted, marked)), []];
  return [next, [...lines, ...effects]];
}

/** How exactly two threads agree about the begin of a request, in milliseconds. */
const SAME_MS = 50;

/** A blocked worker that came back in its grace gives up the very request that it was told of. */
function isKnown(state: MasterState, { pid, report }: HarakiriEvent): boolean {
  const begun = report.wallMs - report.ageMs;
  return state.harakiris.some(
    (record) =>
      record.pid === pid &&
      record.face === 'blocked' &&
      record.method === report.method &&
      report.uri.startsWith(record.uri) &&
      Math.abs(record.time * 1000 - record.age_ms - begun) < SAME_MS,
  );
}

/** Serves on until its replacement is ready; one that is being replaced or told to go already is. */
function replaced(slot: WorkerSlot, process: WorkerProcess): WorkerSlot {
  const isCurrent = process.state === 'ready' && process.incarnation >= slot.wanted;
  return isCurrent ? { ...slot, wanted: slot.wanted + 1 } : slot;
}

function punish(
  state: MasterState,
  slot: WorkerSlot,
  process: WorkerProcess,
  now: number,
): Decision {
  const { harakiriGraceMs } = state.settings;
  const { pid } = process;
  if (harakiriGraceMs > 0 && process.state === 'ready') {
    const why = { reason: 'harakiri', mercyMs: harakiriGraceMs };
    const effect: MasterEffect = { type: 'send', pid, frame: 'drain' };
    return [withSlot(state, withProcess(slot, draining(process, why, now))), [effect]];
  }
  const ended: WorkerProcess = { ...ending(process, 'harakiri', now), reason: 'harakiri' };
  return [withSlot(state, withProcess(slot, ended)), [{ type: 'sigkill', pid }]];
}

/** Why and for how long an old process drains once its replacement is ready. */
export function farewell(
  process: WorkerProcess,
  { mercyMs, harakiriGraceMs }: MasterState['settings'],
): { readonly reason: string; readonly mercyMs: number } {
  if (!process.harakiri) return { reason: 'reload', mercyMs };
  return { reason: 'harakiri', mercyMs: harakiriGraceMs > 0 ? harakiriGraceMs : mercyMs };
}

function recordOf(worker: number, { pid, report }: HarakiriEvent): HarakiriRecord {
  return {
    time: report.wallMs / 1000,
    worker,
    pid,
    face: report.face,
    method: report.method,
    uri: report.uri,
    age_ms: Math.round(report.ageMs),
    stack: report.stack.slice(0, KEPT.frames),
    rss: report.rss,
    listen_queue: report.listenQueue,
    queue_depth: report.queued,
    others_in_flight: Math.max(0, report.inFlight - 1),
  };
}

/** uWSGI's lines, and the stack that it leaves to other tools. */
function obituary(
  worker: number,
  { pid, report }: HarakiriEvent,
  { isGraceful, isVerbose }: { readonly isGraceful: boolean; readonly isVerbose: boolean },
): string[] {
  const time = ctime(new Date(report.wallMs));
  const graceful = isGraceful ? 'yes' : 'no';
  const started = Math.floor((report.wallMs - report.ageMs) / 1000);
  const { core, method, uri } = report;
  // While the loop is blocked, the monitor thread finds out who the clients are.
  const same = report.flights.find((flight) => flight.core === core);
  const peer = report.peer === '' ? (same?.peer ?? '') : report.peer;
  const others = report.flights.filter((flight) => flight.core !== core);
  const stack = isVerbose ? report.stack : innermost(report.stack);
  return [
    `${time} - *** HARAKIRI ON WORKER ${worker} (pid: ${pid}, try: 1, graceful: ${graceful}) ***`,
    `HARAKIRI !!! worker ${worker} status !!!`,
    ...[{ core, method, uri, peer, started }, ...others].map(describe),
    ...stack.map((frame) => `HARAKIRI: -- stack> ${frame}`),
    `HARAKIRI !!! end of worker ${worker} status !!!`,
    `HARAKIRI triggered by worker ${worker} core ${core} !!!`,
  ];
}

/** The innermost function of the application: what Node was doing for it says little. */
function innermost(stack: readonly string[]): readonly string[] {
  const own = stack.find((frame) => !frame.includes('(node:')) ?? stack[0];
  return own === undefined ? [] : [own];
}

function describe({ core, peer, method, uri, started }: FlightSample): string {
  return `HARAKIRI [core ${core}] ${peer} - ${method} ${uri} since ${started}`;
}
