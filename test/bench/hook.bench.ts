import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { send } from './load.js';
import { serverCommand } from './pin.js';
import { median, quartiles } from './statistics.js';

const SERVER = fileURLToPath(new URL('./hook-server.js', import.meta.url));

/** Short runs and many of them: a burst of other work on the machine then spoils few. */
const RUNS_A_PAIR = 50;
const WARM_RUNS = 40;

/** What the accounting of one request costs, by switching it on and off in one process. */
export async function measureHook(asked: number, requests: number): Promise<number> {
  const pairs = asked * RUNS_A_PAIR;
  const [command, args] = serverCommand([SERVER]);
  const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const { port } = (await reply(child)) as AddressInfo;
  const run = async (on: boolean): Promise<number> => {
    await ask(child, on);
    await ask(child, 'report');
    await send({ port, requests, connections: 16, keepAlive: true });
    return ((await ask(child, 'report')) as number) / requests;
  };
  // Both ways are compiled before anything is counted.
  for (let turn = 0; turn < WARM_RUNS; turn++) await run(turn % 2 === 0);
  const costs: number[] = [];
  console.log(`\nThe hook alone, toggled in one process: ${requests} requests a run`);
  for (let pair = 0; pair < pairs; pair++) {
    const isOnFirst = pair % 2 === 0;
    const first = await run(isOnFirst);
    const second = await run(!isOnFirst);
    const [on, off] = isOnFirst ? [first, second] : [second, first];
    costs.push(on - off);
  }
  child.kill();
  await once(child, 'exit');
  console.log(
    `  ${pairs} pairs, cost us/request quartiles: ${quartiles(costs, 2)} (aim: under 0.5)`,
  );
  return median(costs);
}

async function reply(child: ChildProcess): Promise<unknown> {
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}

async function ask(child: ChildProcess, message: boolean | 'report'): Promise<unknown> {
  child.send(message);
  return reply(child);
}
