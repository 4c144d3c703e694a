#!/usr/bin/env node
import { streamLog } from './log.js';
import { readInvocation } from './options/read.js';

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
    // In steps: Node opens all files of a graph at once, and this one is too wide for `ulimit -n 64`.
    await import('./master/decide/arbiter.js');
    await import('./stats/stats-server.js');
    await import('./master/master.js');
    process.exitCode = await (await import('./serve.js')).serve(invocation.options, log);
    // Timers of a worker's last frames must not hold a master that has ended.
    process.exit();
}
