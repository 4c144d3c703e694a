// Endpoints that misbehave in the ways applications do, to see what the server makes of it.
import { json, numberFrom } from './reply.js';

/** Waits without holding anybody up; a client that leaves ends the wait. */
export function slow(req, res, query) {
  const s = numberFrom(query, res, { name: 's', fallback: 3, min: 0, max: 60 });
  if (s === undefined) return;
  const timer = setTimeout(() => json(res, { slept_s: s }), s * 1000);
  res.once('close', () => clearTimeout(timer));
}

/** Holds the event loop: for so long this process answers nobody. */
export function block(req, res, query) {
  const s = numberFrom(query, res, { name: 's', fallback: 3, min: 0, max: 60 });
  if (s === undefined) return;
  const end = performance.now() + s * 1000;
  while (performance.now() < end);
  json(res, { blocked_s: s });
}

/** Fails at once. */
export function throwError() {
  throw new Error('the cat pushed a glass off the table');
}

/** Fails a little later. */
export async function reject() {
  await new Promise((resolve) => setImmediate(resolve));
  throw new Error('the cat thought about it and said no');
}

/** What was leaked; nothing ever leaves this list. */
const kept = [];

/** Keeps memory for good. Written to, so that it is resident and not only promised. */
export function leak(req, res, query) {
  const mb = numberFrom(query, res, { name: 'mb', fallback: 10, min: 1, max: 256 });
  if (mb === undefined) return;
  kept.push(Buffer.alloc(Math.round(mb * 1024 * 1024), 'meow'));
  const bytes = kept.reduce((sum, buffer) => sum + buffer.length, 0);
  json(res, { leaked_mb: mb, kept_mb: bytes / 1024 / 1024 });
}
