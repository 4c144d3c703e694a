// After tsc: packs what a worker process loads into one file a thread. Node takes a millisecond for
// each module that it imports, and opens each through an event emitter of its own, after which V8
// knows emitters of too many shapes to be quick with those of requests (docs/architecture.md).
import { build } from 'esbuild';

await build({
  entryPoints: ['main', 'monitor-thread'].map((name) => ({
    in: `dist/server/worker/${name}.js`,
    out: `${name}.packed`,
  })),
  outdir: 'dist/server/worker',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  legalComments: 'none',
  logLevel: 'warning',
});
