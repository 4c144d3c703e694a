import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { lineSplitter } from '../../wire/frames.js';
import type { MasterEffect, MasterEvent } from '../decide/events.js';
import { handOn } from '../../options/ini/hand-on.js';
import { pipeOf, spawnNode, spawnProblem } from '../spawn-process.js';
import type { TicketSecret } from '../tls/ticket-keys.js';
import { type Heritage, HERITAGE_VARIABLE, leave, MASTER_LINK_FD } from './heritage.js';
import type { Origin } from './origin.js';
import { decodeSuccessorFrame, type PredecessorFrame, type WorkerTotals } from './link-frames.js';

/** What the arbiter wants done about a new master. */
export type UpgradeEffect = Extract<
  MasterEffect,
  { type: 'launch-successor' | 'hand-over' | 'end-successor' }
>;

/** The old master's side of an upgrade. */
export interface Succession {
  perform(effect: UpgradeEffect): void;
  /** Tells the new master what was counted until now; without effect when there is none. */
  tellTotals(): void;
}

export interface SuccessionOptions {
  /** What the new master gets. */
  readonly heritage: () => Heritage;
  /** Why there can be no new master now; null when there can. */
  readonly refusal: () => string | null;
  /** Where and with what it is started. */
  readonly origin: Origin;
  /** What this master has read of its standard input; null where it has not. */
  readonly input: () => string | null;
  readonly totals: () => readonly WorkerTotals[];
  /** What resumes the sessions of TLS; null where there are none. */
  readonly tickets: () => TicketSecret | null;
  readonly post: (event: MasterEvent) => void;
  /** The new master, process `pid`, serves; called before it is told so. */
  readonly onHandOver: (pid: number) => void;
}

/** Longer than the workers of a new master may drain. */
const MERCY_MS = 75_000;
/** Totals hold a histogram, and a frame is bounded. */
const WORKERS_A_FRAME = 32;

interface NewMaster {
  readonly child: ChildProcess;
  readonly link: Duplex;
}

/** Starts new masters with the command line of this one, one at a time. */
export function createSuccession(options: SuccessionOptions): Succession {
  let current: NewMaster | null = null;
  let handedOver = false;
  const send = (frame: PredecessorFrame): void => {
    if (current?.link.writable === true) current.link.write(`${JSON.stringify(frame)}\n`);
  };
  const tellTotals = (): void => {
    if (!handedOver) return;
    const totals = options.totals();
    for (let at = 0; at < totals.length; at += WORKERS_A_FRAME) {
      send({ type: 'totals', workers: totals.slice(at, at + WORKERS_A_FRAME) });
    }
  };
  const tellTickets = (): void => {
    const secret = options.tickets();
    if (secret !== null) send({ type: 'tickets', ...secret });
  };
  return {
    tellTotals,
    perform(effect) {
      switch (effect.type) {
        case 'launch-successor':
          current = launch(options);
          // Its routers accept beside those of this master before it has taken over.
          tellTickets();
          break;
        case 'hand-over':
          options.onHandOver(current?.child.pid ?? 0);
          handedOver = true;
          tellTotals();
          // They may have been renewed since.
          tellTickets();
          send({ type: 'go' });
          break;
        case 'end-successor':
          if (current !== null) end(current.child);
          current = null;
          break;
      }
    },
  };
}

function launch(options: SuccessionOptions): NewMaster | null {
  const failed = (reason: string): void => {
    options.post({ type: 'successor-failed', reason });
  };
  const refusal = options.refusal();
  if (refusal !== null) {
    failed(refusal);
    return null;
  }
  const { descriptors, variable } = leave(options.heritage());
  const input = options.input();
  const started = spawnNode([...process.execArgv, ...process.argv.slice(1)], {
    cwd: options.origin.folder,
    env: { ...options.origin.environment, [HERITAGE_VARIABLE]: variable },
    stdio: [input === null ? 'ignore' : 'pipe', 'inherit', 'inherit', 'pipe', ...descriptors],
  });
  if (started.ok) {
    if (input !== null) handOn(input, started.value.stdin);
    return follow(started.value, options, failed);
  }
  failed(`a new master cannot be started: ${started.error}`);
  return null;
}

function follow(
  child: ChildProcess,
  options: SuccessionOptions,
  failed: (reason: string) => void,
): NewMaster | null {
  child.once('error', (error) => {
    failed(`a new master cannot be started: ${spawnProblem(error)}`);
  });
  const { pid } = child;
  const link = pipeOf(child, MASTER_LINK_FD);
  if (pid === undefined || link === null) return null;
  const lines = lineSplitter((line) => {
    const frame = decodeSuccessorFrame(line);
    if (frame?.type === 'ready') options.post({ type: 'successor-ready', pid });
    else if (frame !== null) failed(frame.reason);
  });
  link.setEncoding('utf8');
  link.on('data', (chunk: string) => {
    lines.push(chunk);
  });
  // A new master that dies resets the pair; its end is told by 'close' of the child.
  link.on('error', () => undefined);
  child.once('close', (code, signal) => {
    failed(`the new master (pid: ${pid}) ended: ${signal ?? `exit code ${code ?? 'unknown'}`}`);
  });
  return { child, link };
}

/** It drains what its workers have accepted already; what does not obey is killed. */
function end(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), MERCY_MS);
  force.unref();
  child.once('close', () => {
    clearTimeout(force);
  });
}
