import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTraffic } from './traffic.js';

/**
 * `npm start`: cats as a service under tsuwsgi, a little traffic, and the dashboard on it. Quitting
 * the dashboard stops all of it. Without a terminal it prints one report instead and exits.
 */

const root = fileURLToPath(new URL('../../', import.meta.url));
const TSUWSGI = fileURLToPath(new URL('../server/main.js', import.meta.url));
const TSUWSGITOP = fileURLToPath(new URL('../top/main.js', import.meta.url));

/** Holds the tasks that wait and the cats that were painted; gone when the example ends. */
const studio = mkdtempSync(path.join(tmpdir(), 'catserve-'));

/** Ports of the kernel's choice: the example must start beside whatever runs on 8000 and 9191. */
const ARGS = [
  ...['--http-socket', '127.0.0.1:0', '--stats', '127.0.0.1:0', '--name', 'catserve'],
  ...['--module', 'examples/catserve/app.js', '-p', '4', '--async', '16', '--disable-logging'],
  ...['--spooler', path.join(studio, 'queue'), '--spooler-import', 'examples/catserve/tasks.js'],
];

const hasTerminal = process.stdin.isTTY && process.stdout.isTTY;
const server = spawn(process.execPath, [TSUWSGI, ...ARGS], {
  cwd: root,
  env: { ...process.env, CATSERVE_PAINTINGS: path.join(studio, 'paintings') },
  stdio: ['ignore', 'ignore', 'pipe'],
});
try {
  const log = await untilStarted(server);
  const http = /socket 0 bound to TCP address (\S+) fd/.exec(log)?.[1] ?? '';
  const stats = /Stats server enabled on (\S+) \*\*\*/.exec(log)?.[1] ?? '';
  const traffic = startTraffic(`http://${http}`);
  if (!hasTerminal) await traffic.settled;
  const top = spawn(process.execPath, [TSUWSGITOP, ...(hasTerminal ? [] : ['--once']), stats], {
    stdio: 'inherit',
  });
  // ^C is for the dashboard, which is in raw mode or prints; this process waits for it to end.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => top.kill(signal));
  const [code] = (await once(top, 'close')) as [number | null];
  traffic.stop();
  process.exitCode = code ?? 1;
} finally {
  await stop(server);
  rmSync(studio, { recursive: true, force: true });
}

/** Waits until every worker is spawned; what the server logged until then. */
function untilStarted(child: ChildProcess): Promise<string> {
  let log = '';
  return new Promise((resolve, reject) => {
    // It is read on and on: a pipe that nobody empties would hold the server up.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += hasStarted(log) ? '' : text;
      if (hasStarted(log)) resolve(log);
    });
    child.once('close', () => {
      reject(new Error(`tsuwsgi ended:\n${log}`));
    });
  });
}

function hasStarted(log: string): boolean {
  return log.includes('spawned tsuwsgi worker 4 ');
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  child.kill('SIGINT');
  await closed;
}
