// What the spoolers of catserve do. It is loaded by `--spooler-import`.
import { setTimeout as rest } from 'node:timers/promises';
import { task } from 'tsuwsgi/spooler';
import { findCat } from './cats.js';
import { paintingAfter, stepName, STEPS } from './painting.js';
import { keep, makeRoom, readPainting } from './studio.js';

/** How long a layer dries, in milliseconds. */
const DRYING = Number(process.env.CATSERVE_DRYING_MS ?? 400);

task('paint', async ({ cat: name }, { id, attempt, progress, signal }) => {
  const cat = findCat(name);
  if (!cat) throw new Error(`there is no cat ${JSON.stringify(name)} to paint`);
  await makeRoom();
  // A spooler that was killed has left what it painted: its successor goes on from there.
  const begun = attempt === 1 ? 0 : ((await readPainting(id))?.step ?? 0);
  for (let step = begun; step < STEPS; step++) {
    await rest(DRYING, undefined, { signal });
    const what = step + 1 < STEPS ? `painting ${stepName(cat, step + 1)}` : 'done';
    await keep(id, { cat: name, step: step + 1, of: STEPS, what }, paintingAfter(cat, step + 1));
    progress((step + 1) / STEPS);
  }
});
