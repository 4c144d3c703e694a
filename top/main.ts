#!/usr/bin/env node
import { messageOf } from '../shared/result.js';
import { runApp } from './app.js';
import { connect } from './client/connect.js';
import { fetchOnce } from './client/once.js';
import { fetchTracebacks } from './client/traceback.js';
import { parseTarget, type Target } from './client/target.js';
import { withTlsFiles } from './client/tls.js';
import { systemClock } from './clock.js';
import { tickMs } from './model/interval.js';
import { initialModel } from './model/model.js';
import { update } from './model/update.js';
import { readTopCommand, type TopOptions } from './options.js';
import { detectCapabilities, type Capabilities } from './terminal/capabilities.js';
import type { Ending } from './terminal/ending.js';
import { sizeOf } from './terminal/screen.js';
import { openSession } from './terminal/session.js';
import { themeFor } from './terminal/theme.js';
import { textReport } from './view/text-report.js';
import { view } from './view/view.js';

/** A report that goes to a file or a pipe is not folded to a terminal nobody looks at. */
const UNFOLDED = 160;

function run(argv: readonly string[]): Promise<Ending> {
  const command = readTopCommand(argv, parseTarget);
  if (command.kind === 'print') return print(command.text);
  if (command.kind === 'error') return fail(command.message);
  const { options } = command;
  const parsed = parseTarget(options.address);
  const target = parsed.ok ? withTlsFiles(parsed.value, options) : parsed;
  if (!target.ok) return fail(target.error);
  if (options.traceback) return tracebacks(options);
  const capabilities = detectCapabilities({
    env: process.env,
    stdinIsTTY: process.stdin.isTTY,
    stdoutIsTTY: process.stdout.isTTY,
    ascii: options.ascii,
    mono: options.mono,
  });
  if (options.once || options.json || capabilities.kind === 'report') {
    return report(target.value, options, capabilities.ascii);
  }
  return watch(options, capabilities);
}

/** One document, as text or as it was served. */
async function report(target: Target, options: TopOptions, ascii: boolean): Promise<Ending> {
  const fetched = await fetchOnce(target, { keyFile: options['key-file'] });
  if (!fetched.ok) return fail(fetched.error);
  const { raw, document } = fetched.value;
  if (options.json) return print(raw.endsWith('\n') ? raw : `${raw}\n`);
  const width = process.stdout.isTTY ? sizeOf(process.stdout).width : UNFOLDED;
  return print(textReport(document, null, width, { wallMs: Date.now(), ascii }));
}

/** What the workers are doing, as plain text. */
async function tracebacks(options: TopOptions): Promise<Ending> {
  const connection = connect(options.address, { keyFile: options['key-file'], reconnect: false });
  const told = await fetchTracebacks(connection, { worker: options.worker, clock: systemClock });
  return told.ok ? print(told.value) : fail(told.error);
}

/** The full screen, until it is left. */
async function watch(
  options: TopOptions,
  { colours, ascii }: Extract<Capabilities, { kind: 'screen' }>,
): Promise<Ending> {
  const intervalMs = options.frequency * 1000;
  const size = sizeOf(process.stdout);
  const look = { theme: themeFor(colours), ascii };
  const { ended } = runApp({
    initial: initialModel({ address: options.address, intervalMs, ascii, ...size }),
    connection: connect(options.address, { interval: intervalMs, keyFile: options['key-file'] }),
    open: (handlers) => openSession(look, handlers),
    clock: systemClock,
    ...{ update, view, tickMs },
  });
  return ended;
}

/** Writes to stdout and waits until it is out: a reader that closed its end has seen enough. */
function print(text: string): Promise<Ending> {
  return new Promise((resolve) => {
    process.stdout.once('error', () => {
      resolve({ code: 0 });
    });
    process.stdout.write(text, () => {
      resolve({ code: 0 });
    });
  });
}

function fail(message: string): Promise<Ending> {
  const lines = message.split('\n').map((line) => `tsuwsgitop: ${line}`);
  return Promise.resolve({ code: 1, message: lines.join('\n') });
}

const { code, message } = await run(process.argv.slice(2)).catch((error: unknown): Ending => ({
  code: 1,
  message: `tsuwsgitop: ${messageOf(error)}`,
}));
if (message !== undefined) process.stderr.write(`${message}\n`);
process.exit(code);
