import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import {
  decodeMasterFrame,
  encodeFrame,
  LINK_FD,
  lineSplitter,
  type MasterFrame,
  type WorkerFrame,
} from '../wire/frames.js';
import { monotonicMs } from './clock.js';
import { createRecess } from './harakiri/recess.js';
import { reportBlocked } from './harakiri/report-blocked.js';
import { createMainStack } from './main-stack.js';
import { FIELD, viewMemory } from './memory.js';
import type { MonitorData, MonitorMessage } from './monitor.js';
import { createNews } from './news.js';
import { findPeers } from './peers.js';
import { createRecorder } from './profile/recorder.js';
import { takeSample } from './sample.js';
import { readTail, tailPosition, viewTail } from './stderr-tail.js';

/**
 * The monitor thread: it reads the shared memory and talks to the master with an event loop of its
 * own, so that the numbers are true, and orders are obeyed, while the application blocks the main
 * thread. It never waits for that thread.
 */

const SAMPLE_MS = 100;
/** How long the main thread gets to exit when it is told to, before it is taken to be blocked. */
const EXIT_MS = 500;
/** How long the main thread gets to give up a boot that takes too long. */
const BOOT_MERCY_MS = 1000;
const BLOCKED_BOOT =
  'the application blocks while it is loaded: look for a loop or a synchronous call that never ' +
  'ends, or allow it more with --boot-timeout\n';
/** How long a worker goes on without a master: it must be gone within two seconds. */
const ORPHAN_MS = 1000;

const data = workerData as MonitorData;
const memory = viewMemory(data.buffer, data.cores);
const clock = { origin: data.wallOrigin, now: monotonicMs };

/** What was found out last: the same requests are asked for again while the loop stays blocked. */
let asked = '';
let answered: ReadonlyMap<number, string> = new Map();

function peersOf(fds: readonly number[]): ReadonlyMap<number, string> {
  // The beat tells one blockade from the next: descriptors are used again.
  const question = `${memory.fields[FIELD.heartbeat] ?? 0}: ${fds.join()}`;
  if (question !== asked) answered = findPeers(fds);
  asked = question;
  return answered;
}

const link = new Socket({ fd: LINK_FD, readable: true, writable: true });
const news = createNews(memory);
let last = '';
let sentAt = 0;

function send(frame: WorkerFrame): void {
  link.write(encodeFrame(frame));
}

/** How often new lines of stderr are told at most: an application may write without end. */
const STDERR_MS = 500;
const tail = viewTail(data.tail);
let told = 0;
let toldAt = -STDERR_MS;

function tellStderr(): void {
  const position = tailPosition(tail);
  if (position === told) return;
  const lines = readTail(tail);
  if (lines === null) return;
  told = position;
  toldAt = clock.now();
  send({ type: 'stderr', lines });
}

/**
 * Writes past the stream, whose way takes longer than making the sample does, unless frames wait in
 * it. A master that does not read must not make this process grow: the next sample has it all.
 */
function writeSample(text: string): void {
  if (link.writableLength > 0) {
    link.write(text);
    return;
  }
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    written = writeSync(LINK_FD, bytes);
  } catch (error) {
    // A master that is gone is heard of by the stream.
    if (!isFull(error)) return;
  }
  if (written < bytes.length) link.write(bytes.subarray(written));
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EAGAIN';
}

function sample(): void {
  if (link.writableNeedDrain) return;
  const now = clock.now();
  if (now - toldAt >= STDERR_MS) tellStderr();
  const isDue = now - sentAt >= data.signMs;
  if (!isDue && news.isQuiet(now)) return;
  const found = takeSample(memory, clock, peersOf);
  const text = encodeFrame(found);
  const isSame = text === last;
  news.told(found.stalledMs > 0);
  if (isSame && !isDue) return;
  last = text;
  sentAt = now;
  writeSample(isSame ? encodeFrame({ type: 'same' }) : text);
}

/** `process.exit` in a thread ends only the thread, and the main thread may be blocked. */
function killAfter(ms: number): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), ms);
}

function post(message: MonitorMessage): void {
  parentPort?.postMessage(message);
}

function obey(frame: MasterFrame): void {
  switch (frame.type) {
    case 'drain':
    case 'pause':
    case 'resume':
      post(frame.type);
      break;
    case 'exit':
      post('exit');
      killAfter(EXIT_MS);
      break;
    case 'others':
      memory.fields[FIELD.others] = frame.requests;
      break;
    case 'listen-queue':
      memory.fields[FIELD.listenQueue] = frame.length;
      break;
    case 'traceback':
      void tellStack(frame.id);
      break;
    case 'profile':
      recorder.record(frame);
      break;
  }
}

const mainStack = createMainStack(memory, clock.now);
const recess = createRecess(memory);
const recorder = createRecorder(new URL('./profile/thread.packed.js', import.meta.url), send, {
  begin: () => {
    recess.begin(clock.now());
  },
  end: () => {
    recess.end(clock.now());
  },
});

async function tellStack(id: number): Promise<void> {
  const found = await mainStack();
  const stack = found.kind === 'javascript' ? found.frames : [];
  send({ type: 'traceback', id, kind: found.kind, stack });
}

let orphaned = false;
function onMasterGone(): void {
  if (orphaned) return;
  orphaned = true;
  post('orphan');
  killAfter(ORPHAN_MS);
}

const lines = lineSplitter((line) => {
  const frame = decodeMasterFrame(line);
  if (frame !== null) obey(frame);
});
link.setEncoding('utf8');
link.on('data', (chunk: string) => {
  lines.push(chunk);
});
link.on('end', onMasterGone);
link.on('error', onMasterGone);
link.on('close', onMasterGone);

// The main thread keeps to the limit by itself, unless what it loads blocks it.
const bootLimit = setTimeout(() => {
  try {
    // The thread's own standard streams pass through the main thread.
    writeSync(2, BLOCKED_BOOT);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, data.bootMs + BOOT_MERCY_MS);

parentPort?.on('message', (frame: WorkerFrame) => {
  tellStderr();
  if (frame.type === 'ready') clearTimeout(bootLimit);
  sample();
  send(frame);
});
setInterval(sample, SAMPLE_MS);
if (data.harakiri !== null) {
  const blocked = reportBlocked({
    memory,
    queueThreshold: data.harakiri.queueThreshold,
    now: clock.now,
    stack: mainStack,
    send(frame) {
      sample();
      send(frame);
    },
  });
  setInterval(() => {
    blocked.look();
  }, SAMPLE_MS);
}
