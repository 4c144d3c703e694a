// After tsc: packs what a worker loads into one file a thread, what a router loads into one, and all
// else into files that share their parts, so that nothing is in the package twice.
// Node takes a millisecond for each module that it imports, and opens each through an event emitter
// of its own, after which V8 knows emitters of too many shapes to be quick with those of requests
// (docs/architecture.md). A packed file lies beside its entry, where import.meta.url finds the same.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { leaveOut } from './leave-out.mjs';
import { linesOnly } from './source-maps.mjs';

/** A worker's stacks, profiles and heap snapshots are read by people: names stay as they were written. */
const NAMED = ['server/worker/main', 'server/worker/monitor-thread'];

/** What serves requests too, or has little in common with others. */
const ALONE = [
  'server/router/main',
  'server/daemon/launch',
  'server/compare/main',
  'server/worker/profile/thread',
  'server/queue/redis/lock-thread',
];

/** What starts once, or is run by hand: some parts more cost it less than it costs to have them twice. */
const SHARED = [
  'server/serve',
  'server/options/reading',
  'server/spooler/main',
  'server/index',
  'server/spooler/index',
  'server/spool-command/main',
  'server/dev-command/main',
  'server/instance-command/main',
  'top/run',
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
    // Node prints the line in which an error was thrown: it may not be the whole file.
    lineLimit: 800,
    charset: 'utf8',
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    ...more,
  });

rmSync(`dist/${CHUNKS}`, { recursive: true, force: true });
// Short names take a sixth less; the maps lead from a stack to the line that was written.
const short = { minifyIdentifiers: true };
const built = await Promise.all([
  pack(NAMED, {}),
  pack(ALONE, short),
  pack(SHARED, { ...short, splitting: true, chunkNames: `${CHUNKS}/[name]-[hash]` }),
]);
const files = built.flatMap(({ metafile }) => Object.keys(metafile.outputs));
for (const map of files.filter((name) => name.endsWith('.map'))) {
  const code = readFileSync(map.slice(0, -'.map'.length), 'utf8');
  writeFileSync(map, linesOnly(readFileSync(map, 'utf8'), code));
}
leaveOut(
  'dist',
  files.map((file) => file.slice('dist/'.length)),
);
