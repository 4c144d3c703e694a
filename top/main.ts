#!/usr/bin/env node
import { err, messageOf } from '../shared/result.js';
import { runApp } from './app.js';
import { connectTo } from './client/connect.js';
import { fetchTracebacks } from './client/traceback.js';
import { parseTarget } from './client/target.js';
import { systemClock } from './clock.js';
import { modeOf } from './combinations.js';
import { type Config, configOf } from './config/apply.js';
import { saveConfig } from './config/file.js';
import { exitCode } from './exit-codes.js';
import { THEME_NAMES, type ThemeName } from './model/appearance.js';
import { tickMs } from './model/interval.js';
import { initialModel } from './model/model.js';
import { SCREENS } from './model/screens.js';
import { update } from './model/update.js';
import { type Job, openSource, prepare } from './modes/job.js';
import { standardOutput } from './modes/output.js';
import { DONE, layoutOf, report } from './modes/report.js';
import { failed, follow, intervalOf, recorded } from './modes/source.js';
import { stream } from './modes/stream.js';
import { readTopCommand, type TopOptions } from './options.js';
import { detectCapabilities, showsUnicode, type Capabilities } from './terminal/capabilities.js';
import type { Ending } from './terminal/ending.js';
import { sizeOf } from './terminal/screen.js';
import { openSession } from './terminal/session.js';
import { copied } from './view/copied.js';
import { view } from './view/view.js';

async function run(argv: readonly string[]): Promise<Ending> {
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
  const width = process.stdout.isTTY ? sizeOf(process.stdout).width : null;
  const layout = layoutOf(options, { width, ascii: capabilities.ascii });
  switch (mode) {
    case 'traceback':
      return tracebacks(job);
    case 'once':
    case 'json':
      return report(job, layout, print);
    case 'batch':
    case 'csv':
    case 'ndjson':
    case 'plain':
      return stream(mode, job, layout, { output: standardOutput, tell });
    case 'screen':
      return capabilities.kind === 'screen'
        ? watch(job, capabilities, config)
        : report(job, layout, print);
  }
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
    }),
    ...source.value,
    open: (handlers) => openSession({ ...look, colours }, handlers),
    save: (text) =>
      file === null ? err('there is no home to keep settings in') : saveConfig(file, text),
    ...{ update, view, tickMs, copied },
  });
  return recorded(recorder, await ended);
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

const { code, message } = await run(process.argv.slice(2)).catch((error: unknown): Ending => ({
  code: exitCode('wrong'),
  message: `tsuwsgitop: ${messageOf(error)}`,
}));
if (message !== undefined) process.stderr.write(`${message}\n`);
process.exit(code);
