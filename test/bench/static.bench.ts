import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { compare } from './requests.bench.js';
import { fastifySend, tsuwsgi } from './subjects.js';

/** What a load asks for. */
const NAME = 'cats';

const SIZES = [
  { name: '10 KB', bytes: 10 * 1024, requests: 20_000 },
  { name: '200 KB', bytes: 200 * 1024, requests: 4000 },
] as const;

/** A worker's static files against `@fastify/send` in a plain node:http server. */
export async function measureStatic(pairs: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-bench-'));
  try {
    for (const { name, bytes, requests } of SIZES) {
      writeFileSync(path.join(folder, NAME), Buffer.alloc(bytes, 'cat '));
      await compare({
        name: `static: a file of ${name}, against @fastify/send in node:http`,
        pairs,
        load: { requests, connections: 16, keepAlive: true },
        ours: () => tsuwsgi('--check-static', folder),
        theirs: () => fastifySend(folder),
        aim: 1,
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
