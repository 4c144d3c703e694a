import { parentPort, workerData } from 'node:worker_threads';
import { readCore, viewMemory } from '../../server/worker/memory.js';

/** Reads a core many times while another thread writes it: one letter, as often as `started` says. */
const { buffer, cores } = workerData as { buffer: SharedArrayBuffer; cores: number };
const memory = viewMemory(buffer, cores);
const torn: string[] = [];
let seen = 0;
for (let tries = 0; tries < 50_000_000 && seen < 20_000; tries++) {
  const work = readCore(memory, 0);
  if (work === null) continue;
  seen++;
  const letter = work.uri.charAt(0);
  const isWhole =
    work.uri === letter.repeat(work.started) &&
    work.method === letter.repeat(3) &&
    work.peer === letter.repeat(9);
  if (!isWhole) torn.push(JSON.stringify(work));
}
parentPort?.postMessage({ seen, torn: torn.slice(0, 3) });
