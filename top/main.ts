#!/usr/bin/env node
import { runApp } from './app.js';
import { createClient } from './client/create-client.js';
import { fetchOnce } from './client/once.js';
import { parseTarget, type Target } from './client/target.js';
import { systemClock } from './clock.js';
import { tickMs } from './model/interval.js';
import { initialModel } from './model/model.js';
import { update } from './model/update.js';
import { readTopCommand, type TopOptions } from './options.js';
import { type Capabilities, detectCapabilities } from './terminal/capabilities.js';
import type { Ending } from './terminal/ending.js';
import { sizeOf } from './terminal/screen.js';
import { openSession } from './terminal/session.js';
import { themeFor } from './terminal/theme.js';
import { textReport } from './view/text-report.js';
import { view } from './view/view.js';

const { stdin, stdout, stderr } = process;

function fail(message: string): Ending {
  return { code: 1, message: `tsuwsgitop: ${message}` };
}

async function main(): Promise<Ending> {
  const command = readTopCommand(process.argv.slice(2), parseTarget);
  if (command.kind === 'error') return fail(command.message);
  if (command.kind === 'print') {
    stdout.write(command.text);
    return { code: 0 };
  }
  const { options } = command;
  const target = parseTarget(options.address);
  if (!target.ok) return fail(target.error);
  const capabilities = detectCapabilities({
    env: process.env,
    stdinIsTTY: stdin.isTTY,
    stdoutIsTTY: stdout.isTTY,
    ascii: options.ascii,
    mono: options.mono,
  });
  const isScreen = capabilities.kind === 'screen' && !options.once && !options.json;
  return isScreen
    ? watch(options, target.value, capabilities)
    : report(options, target.value, capabilities);
}

/** The full screen, until it is quit. */
function watch(
  options: TopOptions,
  target: Target,
  { colours, ascii }: Extract<Capabilities, { kind: 'screen' }>,
): Promise<Ending> {
  const intervalMs = options.frequency * 1000;
  const app = runApp({
    initial: initialModel({ address: options.address, intervalMs, ascii, ...sizeOf(stdout) }),
    update,
    view,
    client: createClient(target, { intervalMs, keyFile: options['key-file'] }),
    open: (handlers) => openSession({ theme: themeFor(colours), ascii }, handlers),
    clock: systemClock,
    tickMs,
  });
  return app.ended;
}

/** Wide enough for every column: a pipe has no width, and a reader can cut. */
const REPORT_WIDTH = 200;

/** One document, as text or as it was served. */
async function report(
  options: TopOptions,
  target: Target,
  capabilities: Capabilities,
): Promise<Ending> {
  const fetched = await fetchOnce(target);
  if (!fetched.ok) return fail(fetched.error);
  const { raw, document } = fetched.value;
  const width = stdout.isTTY ? sizeOf(stdout).width : REPORT_WIDTH;
  const text = textReport(document, null, width, {
    wallMs: Date.now(),
    ascii: capabilities.ascii && stdout.isTTY,
  });
  stdout.write(options.json ? `${raw}\n` : text);
  return { code: 0 };
}

// A reader such as `head` may close the pipe before everything is written: that is no error.
stdout.on('error', () => {
  process.exit(0);
});
const ending = await main();
if (ending.message !== undefined) stderr.write(`${ending.message}\n`);
process.exitCode = ending.code;
// What the session left behind (a signal on its way, a timer) must not hold the shell up.
if (stdin.isTTY && stdout.isTTY) process.exit();
