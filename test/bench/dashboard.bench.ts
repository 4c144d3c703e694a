import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeValue, type ReadDocument } from '../../shared/decode-stats.js';
import { diff, type Json, patch } from '../../shared/delta.js';
import { collectYoung, tuneHeap } from '../../top/heap.js';
import { catchUp } from '../../top/model/catch-up.js';
import type { Model } from '../../top/model/model.js';
import { createPainter } from '../../top/terminal/painter.js';
import { themeFor } from '../../top/terminal/theme.js';
import { view } from '../../top/view/view.js';
import { arrival, operate, play, start, tick } from '../support/dashboard.js';
import { firstDocument, nextDocument } from '../support/watched-documents.js';
import { startWatchedServer } from '../support/watchers.js';
import { freeCommand } from './pin.js';
import { percentile, spread } from './statistics.js';
import { watchTerminal, type WatchedTerminal } from './watched-terminal.js';

const TOP = fileURLToPath(new URL('../../top/main.js', import.meta.url));

const WORKERS = 1000;
/** Of a hundred workers five change with each tick. */
const CHANGING = WORKERS / 20;
const SIZE = { width: 200, height: 60 } as const;
const FRAMES = 300;
const WARM_FRAMES = 50;
const KEYS = 60;
const REST_MS = 20_000;

/** What the dashboard costs: within the process, in a terminal, and beside it what others cost. */
export async function measureDashboard(rounds: number): Promise<void> {
  console.log(
    `\nThe dashboard, ${WORKERS} workers at 200x60, a tick a second, 5 % change with each`,
  );
  measureFrames();
  await using server = await startWatchedServer(WORKERS);
  const address = `127.0.0.1:${server.port}`;
  await measureTerminal(rounds, address);
  await measureOther('uwsgitop', [address, '--frequency', '1'], rounds);
  await measureOther('pm2', ['monit'], rounds);
}

/** With the heap of the program, not with Node's. */
function measureFrames(): void {
  tuneHeap();
  const { times, late, whole, sizes } = frames('together');
  console.log(
    `  ms from the text of a change to the bytes of its frame, p95 of ${times.length}: ` +
      `${percentile(times, 0.95).toFixed(1)} (aim: 8), min / median / max ${spread(times, 1)}`,
  );
  console.log(`  ms of what is put off until they are out: ${spread(late, 1)}`);
  console.log(`  bytes of a whole frame: ${whole} (aim: 4096)`);
  tellSizes('the changed workers are neighbours', sizes);
  tellSizes('they are every twentieth', frames('scattered').sizes);
}

function tellSizes(where: string, sizes: readonly number[]): void {
  console.log(
    `  bytes of the next, ${where}, p95: ${percentile(sizes, 0.95)} (aim: 500), ` +
      `min / median / max ${spread(sizes, 0)}`,
  );
}

interface Frames {
  readonly times: readonly number[];
  readonly late: readonly number[];
  /** Bytes of the first frame, and of those after the warming up. */
  readonly whole: number;
  readonly sizes: readonly number[];
}

/** From a change that the server tells to the bytes for the terminal, without either. */
function frames(where: 'together' | 'scattered'): Frames {
  const painter = createPainter(SIZE, themeFor(256), false);
  // All beforehand: what the server does, and what it leaves to be collected, is not measured here.
  const changes = changesTold(where);
  let model: Model = play(start(SIZE.width, SIZE.height), [operate]).model;
  let read: ReadDocument | undefined;
  const times: number[] = [];
  const late: number[] = [];
  const sizes: number[] = [];
  let whole = 0;
  for (const [frame, told] of changes.entries()) {
    const at = 1000 * (frame + 1);
    const before = performance.now();
    read = readChange(told, read);
    model = play(model, [arrival(at, read.document), tick(at)]).model;
    const bytes = Buffer.byteLength(painter.paint(view(model)));
    const ms = performance.now() - before;
    const lateMs = msOf(() => {
      catchUp(model);
      collectYoung();
    });
    if (frame === 0) whole = bytes;
    if (frame < WARM_FRAMES) continue;
    times.push(ms);
    late.push(lateMs);
    sizes.push(bytes);
  }
  painter.destroy();
  return { times, late, whole, sizes };
}

function msOf(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

/** What `/live` tells: the texts of deltas, the first from nothing. */
function changesTold(where: 'together' | 'scattered'): readonly string[] {
  let document = firstDocument(WORKERS);
  let before: Json = null;
  return Array.from({ length: FRAMES }, (_, frame) => {
    document = nextDocument(document, frame + 1, CHANGING, where);
    const after = JSON.parse(JSON.stringify(document)) as Json;
    const told = JSON.stringify(diff(before, after));
    before = after;
    return told;
  });
}

/** As the live client reads it. */
function readChange(text: string, before: ReadDocument | undefined): ReadDocument {
  const value = patch(before?.value ?? null, JSON.parse(text));
  const decoded = decodeValue(value, before);
  if (!decoded.ok) throw new Error('the document is not one');
  return { value, document: decoded.value };
}

/** What a user has: start, keys, and a terminal that is left open. */
async function measureTerminal(rounds: number, address: string): Promise<void> {
  const starts: number[] = [];
  const keys: number[] = [];
  const shares: number[] = [];
  const bytes: number[] = [];
  const resident: number[] = [];
  const [command, args] = freeCommand([TOP, address]);
  for (let round = 0; round < rounds; round++) {
    using terminal = await watchTerminal(command, args);
    starts.push(await terminal.until(/1000 workers|WID/));
    await pause(2000);
    // Without a mark the way up leads nowhere, and no picture would come.
    await terminal.press('\x1b[B');
    for (let key = 0; key < KEYS; key++) keys.push((await pressed(terminal, key)).ms);
    const { cpuPercent, bytesPerSecond } = await terminal.rest(REST_MS);
    shares.push(cpuPercent);
    bytes.push(bytesPerSecond);
    resident.push(terminal.residentBytes() / 1e6);
  }
  console.log(`  in a terminal, ${rounds} rounds, min / median / max:`);
  console.log(`  ms from the start to the first screen: ${spread(starts, 0)} (aim: 300)`);
  console.log(
    `  ms from a key to its picture, p95 of ${keys.length}: ` +
      `${percentile(keys, 0.95).toFixed(1)} (aim: 16), ${spread(keys, 1)}`,
  );
  console.log(`  % of a core: ${spread(shares, 2)} (aim: 3)`);
  console.log(`  bytes a second: ${spread(bytes, 0)}`);
  console.log(`  MB resident: ${spread(resident, 1)} (aim: 95)`);
}

/** Down and up in turn, each some time after the last one. */
async function pressed(
  terminal: WatchedTerminal,
  index: number,
): ReturnType<typeof terminal.press> {
  await pause(40);
  return terminal.press(index % 2 === 0 ? '\x1b[B' : '\x1b[A');
}

/** The same of another program on the same documents, if it is installed; what it has no word for is left out. */
async function measureOther(file: string, args: readonly string[], rounds: number): Promise<void> {
  if (spawnSync('which', [file]).status !== 0) {
    console.log(`  ${file} is not installed: nothing to compare with`);
    return;
  }
  const starts: number[] = [];
  const shares: number[] = [];
  const bytes: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < rounds; round++) {
    using terminal = await watchTerminal(file, args);
    starts.push(await terminal.until(/\S{3}/));
    await pause(2000);
    const rest = await terminal.rest(REST_MS);
    shares.push(rest.cpuPercent);
    bytes.push(rest.bytesPerSecond);
    resident.push(terminal.residentBytes() / 1e6);
  }
  console.log(
    `  ${file} ${args[0] === 'monit' ? 'monit' : 'on the same server'}, ${rounds} rounds:`,
  );
  console.log(`  ms to the first output ${spread(starts, 0)}, % of a core ${spread(shares, 2)},`);
  console.log(`  bytes a second ${spread(bytes, 0)}, MB resident ${spread(resident, 1)}`);
}
