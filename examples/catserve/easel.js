// "Paint this cat": the application orders a painting, and shows how far a spooler is with it.
import { findCat } from './cats.js';
import { notFound, paintingPage } from './pages.js';
import { blankCanvas, STEPS } from './painting.js';
import { json, problem, send } from './reply.js';
import { hang, readCanvas, readPainting } from './studio.js';

/** Has a cat painted, and sends the client to where that can be watched. */
export async function order(res, cat) {
  let spooled;
  try {
    // Only here: without a spooler catserve is a listener that any Node program can run.
    const { spool } = await import('tsuwsgi/spooler');
    // Who asks twice is shown the painting that is under way.
    spooled = await spool(
      'paint',
      { cat: cat.name },
      { retries: 2, dedupeKey: `paint ${cat.name}` },
    );
  } catch (error) {
    return problem(res, 503, `nobody paints here: ${error.message}`);
  }
  await hang(spooled.id, { cat: cat.name, step: 0, of: STEPS, what: 'waiting for a painter' });
  res.setHeader('Location', `/paintings/${spooled.id}`);
  return json(res, spooled, 303);
}

/** `/paintings/<id>` is a page, `<id>.json` tells how far it is, `<id>.svg` is what can be seen. */
export async function showPainting(res, rest) {
  const [, id, type] = /^([\w-]{1,64})(\.svg|\.json)?$/.exec(rest) ?? [];
  const painting = id === undefined ? null : await readPainting(id);
  const cat = painting && findCat(painting.cat);
  if (!cat) return send(res, 404, 'text/html; charset=utf-8', notFound(`/paintings/${rest}`));
  if (type === '.json') return json(res, painting);
  res.setHeader('Cache-Control', 'no-store');
  if (type === undefined) {
    return send(res, 200, 'text/html; charset=utf-8', paintingPage(cat, { id, ...painting }));
  }
  const svg = (await readCanvas(id)) ?? blankCanvas(cat);
  return send(res, 200, 'image/svg+xml; charset=utf-8', svg);
}
