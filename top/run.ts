import { err, type Result } from '../shared/result.js';
import { runApp } from './app.js';
import { connectTo } from './client/connect.js';
import { fetchTracebacks } from './client/traceback.js';
import { parseTarget } from './client/target.js';
import { systemClock } from './clock.js';
import { modeOf } from './combinations.js';
import { type Config, configOf } from './config/apply.js';
import { saveConfig } from './config/file.js';
import { exitCode } from './exit-codes.js';
import { collectYoung } from './heap.js';
import { THEME_NAMES, type ThemeName } from './model/appearance.js';
import { catchUp } from './model/catch-up.js';
import { quietMs, tickMs } from './model/interval.js';
import { initialModel } from './model/initial.js';
import { type Fleet, initialFleet, updateFleet } from './model/fleet.js';
import { SCREENS } from './model/screens.js';
import { update } from './model/update.js';
import { compareFiles } from './modes/compare-snapshots.js';
import { type Job, openSource, prepare } from './modes/job.js';
import { memoryReport } from './modes/memory-report.js';
import { standardOutput } from './modes/output.js';
import { DONE, layoutOf, report } from './modes/report.js';
import { failed, follow, intervalOf, recorded, serverSource } from './modes/source.js';
import { stream } from './modes/stream.js';
import { readTopCommand, type TopOptions } from './options.js';
import { detectCapabilities, showsUnicode, type Capabilities } from './terminal/capabilities.js';
import type { Ending } from './terminal/ending.js';
import { sizeOf } from './terminal/screen.js';
import { openSession } from './terminal/session.js';
import { fleetView } from './view/fleet-view.js';
import { type Copied, copied } from './view/copied.js';
import { view } from './view/view.js';

/** What `tsuwsgitop` does with its arguments; the code and the last words to end with. */
export async function run(argv: readonly string[]): Promise<Ending> {
  const command = readTopCommand(argv, parseTarget);
  if (command.kind === 'print') return print(command.text);
  if (command.kind === 'error') return failed(exitCode('wrong'), command.message);
  const config = configOf(command.options, process.env);
  if (!config.ok) return failed(exitCode('wrong'), config.error);
  // Settings are those of the full screen: what prints does the same wherever it runs.
  const screen = modeOf(command.options) === 'screen' && process.stdout.isTTY;
  const full = screen ? readTopCommand(argv, parseTarget, config.value.settings) : command;
  const { options } = full.kind === 'run' ? full : command;
  const job = prepare(options);
  return job.ok ? perform(job.value, config.value) : failed(exitCode('wrong'), job.error);
}

function perform(job: Job, config: Config): Promise<Ending> {
  const { options } = job;
  const mode = modeOf(options);
  const capabilities = detectCapabilities({
    env: process.env,
    stdinIsTTY: process.stdin.isTTY,
    stdoutIsTTY: process.stdout.isTTY,
    ascii: options.ascii,
    mono: options.mono,
  });
  const layout = layoutOf(options, { width: widthOf(process.stdout), ascii: capabilities.ascii });
  switch (mode) {
    case 'traceback':
      return tracebacks(job);
    case 'memory-report':
      return memoryReport(job, { clock: systemClock, ascii: capabilities.ascii, print, tell });
    case 'compare-snapshots':
      return compareFiles(options, { ascii: capabilities.ascii, print });
    case 'once':
    case 'json':
      return report(job, layout, print);
    case 'batch':
    case 'csv':
    case 'ndjson':
    case 'plain':
      return stream(mode, job, layout, { output: standardOutput, tell });
    case 'screen':
      return onScreen(job, capabilities, config) ?? report(job, layout, print);
  }
}

/** The full screen; null where there is none for one server. */
function onScreen(job: Job, capabilities: Capabilities, config: Config): Promise<Ending> | null {
  if (job.servers.length > 1) return watchFleet(job, capabilities, config);
  return capabilities.kind === 'screen' ? watch(job, capabilities, config) : null;
}

/** The columns of a terminal; null of what is none. */
function widthOf(output: NodeJS.WriteStream): number | null {
  return output.isTTY ? sizeOf(output).width : null;
}

/** What the workers are doing, as plain text. */
async function tracebacks({ options, target }: Job): Promise<Ending> {
  if (target === null) return DONE;
  const connection = connectTo(target, { keyFile: options['key-file'], reconnect: false });
  const told = await fetchTracebacks(connection, { worker: options.worker, clock: systemClock });
  return told.ok ? print(told.value) : failed(exitCode('wrong'), told.error);
}

/** The full screen, until it is left. */
async function watch(
  job: Job,
  { colours, ascii }: Extract<Capabilities, { kind: 'screen' }>,
  config: Config,
): Promise<Ending> {
  const { options, recorder } = job;
  const source = await openSource(job);
  if (!source.ok) return failed(exitCode('wrong'), source.error);
  follow(recorder, source.value);
  const intervalMs = intervalOf(options);
  const size = sizeOf(process.stdout);
  const { file, warnings } = config;
  const look = { theme: themeNamed(options.theme), ascii, mouse: !options['no-mouse'] };
  const { ended } = runApp({
    initial: initialModel({
      ...{ ...chosen(options), ...look, ...size, intervalMs, warnings },
      colours: colours > 0,
      unicode: showsUnicode(process.env),
      recordingMs: source.value.recordingMs,
    }),
    ...source.value,
    open: (handlers) => openSession({ ...look, colours }, handlers),
    save: (text) => saved(file, text),
    ...{ update, view, tickMs, quietMs, copied },
    catchUp: (model) => {
      catchUp(model);
      collectYoung();
    },
  });
  return recorded(recorder, await ended);
}

/** The full screen with several servers, each with a connection that comes back by itself. */
async function watchFleet(
  { options, servers }: Job,
  capabilities: Capabilities,
  { file, warnings }: Config,
): Promise<Ending> {
  if (capabilities.kind !== 'screen') {
    const what = `${servers.length} servers are shown on a terminal only: give one address`;
    return failed(exitCode('wrong'), what);
  }
  const { colours, ascii } = capabilities;
  const intervalMs = intervalOf(options);
  const [connection, ...others] = servers.map((target) => serverSource(target, options).connection);
  if (connection === undefined) return DONE;
  const look = { theme: themeNamed(options.theme), ascii, mouse: !options['no-mouse'] };
  const config = {
    ...{ ...chosen(options), ...look, ...sizeOf(process.stdout), intervalMs, warnings },
    colours: colours > 0,
    unicode: showsUnicode(process.env),
  };
  return runApp({
    ...{ connection, others, clock: systemClock },
    initial: initialFleet(options.addresses, config),
    open: (handlers) => openSession({ ...look, colours }, handlers),
    save: (text) => saved(file, text),
    ...{ update: updateFleet, view: fleetView, copied: copiedOf },
    catchUp: ({ servers: models }) => {
      models.forEach(catchUp);
      collectYoung();
    },
    tickMs: ({ servers: models }) => Math.min(...models.map(tickMs)),
  }).ended;
}

/** Writes the settings, if there is a place for them. */
function saved(file: Config['file'], text: string): Result<string, string> {
  return file === null ? err('there is no home to keep settings in') : saveConfig(file, text);
}

/** The marked line of the server that is open. */
function copiedOf({ opened, servers }: Fleet): Result<Copied, string> {
  const open = opened === null ? undefined : servers[opened];
  return open === undefined ? err('open a server first: Enter') : copied(open);
}

/** What the model takes of the command line. */
function chosen(options: TopOptions) {
  const { sort } = layoutOf(options, { width: null, ascii: false });
  const speed = options.replay === undefined ? undefined : options.speed;
  const view = SCREENS.find(({ screen }) => screen === options.view)?.screen;
  return { address: options.address, sort, columns: options.columns, speed, view };
}

/** A `--theme` that was checked before. */
function themeNamed(name: string | undefined): ThemeName {
  return THEME_NAMES.find((theme) => theme === name) ?? 'default';
}

/** Writes to stdout and waits until it is out: a reader that closed its end has seen enough. */
function print(text: string): Promise<Ending> {
  return new Promise((resolve) => {
    process.stdout.once('error', () => {
      resolve(DONE);
    });
    process.stdout.write(text, () => {
      resolve(DONE);
    });
  });
}

function tell(message: string): void {
  process.stderr.write(`tsuwsgitop: ${message}\n`);
}
