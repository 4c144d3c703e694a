#!/usr/bin/env node
import type * as Launching from './daemon/launch.js';
import { DAEMON_VARIABLE } from './daemon/launcher-frames.js';
import type * as DevCommand from './dev-command/main.js';
import type * as InstanceCommand from './instance-command/main.js';
import { type LevelledLog, type Log, streamLog } from './log.js';
import { HERITAGE_VARIABLE } from './master/upgrade/heritage.js';
import type * as Reading from './options/reading.js';
import type { Options } from './options/table.js';
import type * as Serving from './serve.js';
import type * as SpoolCommand from './spool-command/main.js';

const [command, ...rest] = process.argv.slice(2);
if (command === 'spool') {
  const { spoolCommand } = await importPacked<typeof SpoolCommand>('./spool-command/main');
  process.exitCode = await spoolCommand(rest);
} else if (command === 'dev') {
  const { devCommand } = await importPacked<typeof DevCommand>('./dev-command/main');
  process.exitCode = await devCommand(rest);
} else await runServer();

async function runServer(): Promise<void> {
  const log = streamLog(process.stderr);
  const { openReading } = await importPacked<typeof Reading>('./options/reading');
  const reading = openReading(process.argv.slice(2), process.cwd(), process.env);
  const { invocation } = reading;
  switch (invocation.kind) {
    case 'print':
      process.stdout.write(invocation.text);
      break;
    case 'refuse':
      for (const problem of invocation.problems) log(`tsuwsgi: ${problem}`, 'error');
      process.exitCode = invocation.isOrder ? 2 : 1;
      break;
    case 'order': {
      const { instanceCommand } =
        await importPacked<typeof InstanceCommand>('./instance-command/main');
      process.exitCode = await instanceCommand(invocation.request, invocation.timeoutMs);
      break;
    }
    case 'check':
      for (const note of invocation.notes) log(note);
      for (const text of invocation.options.print) process.stdout.write(`${text}\n`);
      process.exitCode = await check(invocation.options, log);
      break;
    case 'serve':
      await serve(invocation, reading, log);
  }
}

async function serve(
  { options, notes }: Pick<Reading.ReadConfiguration, 'options' | 'notes'>,
  reading: Reading.ReadAgain,
  log: LevelledLog,
): Promise<void> {
  if (toBackground(options.daemonize)) {
    process.exitCode = await inBackground(options.daemonize, reading.input(), log);
    return;
  }
  for (const note of notes) log(note);
  for (const text of options.print) process.stdout.write(`${text}\n`);
  process.exitCode = await (await importServing()).serve(options, log, reading);
  // Timers of a worker's last frames must not hold a master that has ended.
  process.exit();
}

/** Once only: not by what is there already, nor by the master that follows it in an upgrade. */
function toBackground(logFile: string | undefined): logFile is string {
  const { [DAEMON_VARIABLE]: daemon, [HERITAGE_VARIABLE]: heritage } = process.env;
  return logFile !== undefined && daemon === undefined && heritage === undefined;
}

async function inBackground(logFile: string, input: string | null, log: Log): Promise<number> {
  const { launchDaemon } = await importPacked<typeof Launching>('./daemon/launch');
  return launchDaemon(logFile, input, log);
}

/** Says whether an instance could be served with these options, and settles with the exit code. */
async function check(options: Options, log: LevelledLog): Promise<number> {
  const { problemsHere } = await importServing();
  const problems = problemsHere(options, log);
  for (const problem of problems) log(`tsuwsgi: ${problem}`, 'error');
  if (problems.length > 0) return 1;
  process.stdout.write('configuration is valid\n');
  return 0;
}

function importServing(): Promise<typeof Serving> {
  return importPacked<typeof Serving>('./serve');
}

/**
 * One file instead of two hundred (.ci/pack.mjs), each of which costs a millisecond; and Node opens
 * all files of a graph at once, which would be too many for `ulimit -n 64`.
 */
function importPacked<Module>(name: string): Promise<Module> {
  return import(new URL(`${name}.packed.js`, import.meta.url).href) as Promise<Module>;
}
