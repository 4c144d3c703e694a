import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openQueue } from '../../server/queue/open.js';
import { QueueError } from '../../server/queue/queue-error.js';
import { orderOf } from './queue-orders.js';

/**
 * Puts tasks into a queue until it is killed: `QUEUE LOG NAME AT-ONCE`. Of each one that is
 * acknowledged it writes `ack NAME-NUMBER`; what is refused while Redis is away is given up.
 */
const [place = '', log = '', name = '', atOnce = '1'] = process.argv.slice(2);
const queue = await openQueue(place, { ordered: false });
let number = 0;

async function produce(): Promise<never> {
  for (;;) {
    const cat = `${name}-${number++}`;
    const body = number % 10 === 0 ? Buffer.alloc(5000, number) : null;
    try {
      await queue.put(orderOf({ payload: JSON.stringify(cat), body, retries: 1000, backoff: 20 }));
      appendFileSync(log, `ack ${cat}\n`);
    } catch (error) {
      if (!(error instanceof QueueError && error.code === 'io')) throw error;
      await pause(20);
    }
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, produce));
