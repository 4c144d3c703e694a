// After tsc: packs what the master loads into one file, what reads its options into another, what a
// worker loads into one a thread, and the dashboard into one.
// Node takes a millisecond for each module that it imports, and opens each through an event emitter
// of its own, after which V8 knows emitters of too many shapes to be quick with those of requests
// (docs/architecture.md). A packed file lies beside its entry, where import.meta.url finds the same.
import { build } from 'esbuild';

await build({
  entryPoints: [
    'server/serve',
    'server/options/reading',
    'server/router/main',
    'server/spooler/main',
    'server/worker/main',
    'server/worker/monitor-thread',
    'top/run',
  ].map((name) => ({ in: `dist/${name}.js`, out: `${name}.packed` })),
  outdir: 'dist',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
});
