import { readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';

/** Descriptors that are left to the application's files and its own connections. */
const SPARE = 16;
/** Refusals that follow each other within this time are one shortage, and told once. */
const QUIET_MS = 60_000;

/** The soft limit of open files in the text of /proc/PID/limits; Infinity when it has none. */
export function openFilesLimit(text: string): number {
  const soft = /^Max open files\s+(\d+|unlimited)\s/m.exec(text)?.[1] ?? 'unlimited';
  return soft === 'unlimited' ? Infinity : Number(soft);
}

/**
 * Keeps connections from taking the last descriptor. Without it libuv, out of descriptors, drops
 * connections without a word, and the application cannot open a file either. A limit that the
 * application has set itself holds. `now` is monotonic milliseconds.
 */
export function limitConnections(
  servers: readonly Server[],
  say: (line: string) => void,
  now: () => number,
): void {
  const { limit, open } = descriptors();
  if (limit === Infinity) return;
  const each = Math.max(1, Math.floor((limit - open - SPARE) / servers.length));
  let droppedAt = -Infinity;
  for (const server of servers) {
    if (hasOwnLimit(server)) continue;
    server.maxConnections = each;
    server.on('drop', () => {
      const isNew = now() - droppedAt >= QUIET_MS;
      droppedAt = now();
      if (!isNew) return;
      say(
        `${each} connections are open, as many as ulimit -n ${limit} allows: further ones are closed until some end; raise ulimit -n`,
      );
    });
  }
}

/** Node leaves it undefined until somebody sets it, against its type. */
function hasOwnLimit(server: Server): boolean {
  const own: unknown = Reflect.get(server, 'maxConnections');
  return typeof own === 'number' && own > 0;
}

function descriptors(): { limit: number; open: number } {
  try {
    const limit = openFilesLimit(readFileSync('/proc/self/limits', 'utf8'));
    return { limit, open: readdirSync('/proc/self/fd').length };
  } catch {
    return { limit: Infinity, open: 0 };
  }
}
