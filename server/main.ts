#!/usr/bin/env node
import { streamLog } from './log.js';
import { readInvocation } from './options/read.js';
import type * as Serving from './serve.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'spool') {
  const { spoolCommand } = await import('./spool-command/main.js');
  process.exitCode = await spoolCommand(rest);
} else await runServer();

async function runServer(): Promise<void> {
  const log = streamLog(process.stderr);
  const invocation = readInvocation(process.argv.slice(2), process.cwd());
  switch (invocation.kind) {
    case 'print':
      process.stdout.write(invocation.text);
      break;
    case 'refuse':
      for (const problem of invocation.problems) log(`tsuwsgi: ${problem}`, 'error');
      process.exitCode = 1;
      break;
    case 'serve':
      for (const note of invocation.notes) log(note);
      process.exitCode = await (await importPacked()).serve(invocation.options, log);
      // Timers of a worker's last frames must not hold a master that has ended.
      process.exit();
  }
}

/**
 * One file instead of two hundred (.ci/pack.mjs), each of which costs a millisecond; and Node opens
 * all files of a graph at once, which would be too many for `ulimit -n 64`.
 */
function importPacked(): Promise<typeof Serving> {
  const packed = new URL('./serve.packed.js', import.meta.url).href;
  return import(packed) as Promise<typeof Serving>;
}
