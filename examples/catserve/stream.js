// Server-sent events: one connection, open until the client has heard enough.
import { numberFrom } from './reply.js';

const SOUNDS = ['purr', 'purr', 'meow', 'purr', 'mrrp'];

/** Purrs `n` times, every `s` seconds. */
export function stream(req, res, query) {
  const s = numberFrom(query, res, { name: 's', fallback: 1, min: 0.05, max: 60 });
  if (s === undefined) return;
  const n = numberFrom(query, res, { name: 'n', fallback: 3600, min: 1, max: 100_000 });
  if (n === undefined) return;
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  if (req.method === 'HEAD') return void res.end();
  let sent = 0;
  const purr = () => {
    const data = JSON.stringify({ sound: SOUNDS[sent % SOUNDS.length], pid: process.pid });
    res.write(`id: ${++sent}\ndata: ${data}\n\n`);
    if (sent >= n) res.end();
  };
  const timer = setInterval(purr, s * 1000);
  res.once('close', () => clearInterval(timer));
  purr();
}
