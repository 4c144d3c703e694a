// Opens a queue as a spooler does, and claims: `pick.js FOLDER CLAIMS` prints what that took.
import { openQueue } from '../../../dist/server/queue/open.js';

const [folder, claims] = process.argv.slice(2);
globalThis.gc();
const before = process.memoryUsage().rss;
const start = performance.now();
const queue = await openQueue(folder, { ordered: false, claims: true });
await queue.recover();
const opened = performance.now() - start;
const times = [];
for (let claim = 0; claim < Number(claims); claim++) {
  const asked = performance.now();
  const task = await queue.claim();
  times.push(performance.now() - asked);
  await queue.settle(task, { type: 'done' });
}
globalThis.gc();
const grown = process.memoryUsage().rss - before;
await queue.close();
console.log(JSON.stringify({ opened, times, grown }));
