// After tsc: packs what the master loads into one file, what reads its options into another, what a
// worker loads into one a thread, and the dashboard into one. What is left is packed too, in parts.
// Node takes a millisecond for each module that it imports, and opens each through an event emitter
// of its own, after which V8 knows emitters of too many shapes to be quick with those of requests
// (docs/architecture.md). A packed file lies beside its entry, where import.meta.url finds the same.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { leaveOut } from './leave-out.mjs';
import { linesOnly } from './source-maps.mjs';

const PACKED = [
  'server/serve',
  'server/options/reading',
  'server/router/main',
  'server/spooler/main',
  'server/worker/main',
  'server/worker/monitor-thread',
  'top/run',
];

/** What is imported or run by its own name, and seldom: its parts are shared, since none is hurried. */
const SHARED = [
  'server/index',
  'server/spooler/index',
  'server/spool-command/main',
  'server/dev-command/main',
  'server/instance-command/main',
  'server/daemon/launch',
  'server/compare/main',
  'server/worker/profile/thread',
  'server/queue/redis/lock-thread',
];

/** A folder of server/, from which `import.meta.url` finds what it finds from any other of them. */
const CHUNKS = 'server/packed';

const pack = (names, more) =>
  build({
    entryPoints: names.map((name) => ({ in: `dist/${name}.js`, out: `${name}.packed` })),
    outdir: 'dist',
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // Names stay, so that a stack, a profile and a heap snapshot can be read without the maps.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 100,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...more,
  });

rmSync(`dist/${CHUNKS}`, { recursive: true, force: true });
const built = await Promise.all([
  pack(PACKED),
  pack(SHARED, { splitting: true, chunkNames: `${CHUNKS}/[name]-[hash]` }),
]);
const files = built.flatMap(({ metafile }) => Object.keys(metafile.outputs));
for (const file of files.filter((name) => name.endsWith('.map'))) {
  writeFileSync(file, linesOnly(readFileSync(file, 'utf8')));
}
leaveOut(
  'dist',
  files.map((file) => file.slice('dist/'.length)),
);
