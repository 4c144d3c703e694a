import { openQueue } from '../../server/queue/open.js';

/** Claims one task of a queue, `QUEUE`, says `claimed ATTEMPT`, and holds it until it is killed. */
const queue = await openQueue(process.argv[2] ?? '', { ordered: false });
for (let task = await queue.claim(); ; task = await queue.claim()) {
  if (task === null) continue;
  process.stdout.write(`claimed ${task.attempt}\n`);
  break;
}
setInterval(() => undefined, 60_000);
