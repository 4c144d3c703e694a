import { appendFileSync } from 'node:fs';
import { openFolderQueue } from '../../server/queue/folder/open.js';
import { orderOf } from './queue-orders.js';

/**
 * Puts tasks into a queue until it is killed: `FOLDER LOG NAME ORDERED AT-ONCE`. Of each one that is
 * acknowledged it writes `ack NAME-NUMBER`; a write is the kernel's before the process can be killed.
 */
const [folder = '', log = '', name = '', ordered = '', atOnce = '1'] = process.argv.slice(2);
const queue = await openFolderQueue(folder, { ordered: ordered === 'ordered' });
let number = 0;

async function produce(): Promise<never> {
  for (;;) {
    const cat = `${name}-${number++}`;
    const body = number % 10 === 0 ? Buffer.alloc(5000, number) : null;
    await queue.put(orderOf({ payload: JSON.stringify(cat), body, retries: 1000, backoff: 20 }));
    appendFileSync(log, `ack ${cat}\n`);
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, produce));
