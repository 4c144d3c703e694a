// Cats as a service: a plain `(req, res)` listener, as any Node program could export it.
import { CATS, findCat } from './cats.js';
import { order, showPainting } from './easel.js';
import { catPage, gallery, home, notFound } from './pages.js';
import { drawCat } from './picture.js';
import { json, problem, send } from './reply.js';
import { stream } from './stream.js';
import { block, leak, reject, slow, throwError } from './trouble.js';

const html = (res, page, status = 200) => send(res, status, 'text/html; charset=utf-8', page);

const ROUTES = {
  '/': (req, res) => html(res, home(CATS)),
  '/cats': (req, res) => html(res, gallery(CATS)),
  '/health': (req, res) => json(res, { ok: true, pid: process.pid, uptime_s: process.uptime() }),
  '/slow': slow,
  '/block': block,
  '/throw': throwError,
  '/reject': reject,
  '/leak': leak,
  '/stream': stream,
};

/** Answers a request; a promise is returned where the answer takes its time. */
export default function catserve(req, res) {
  const { path, query } = split(req.url);
  const [, toPaint] = /^\/cats\/([a-z]{1,20})\/paint$/.exec(path) ?? [];
  const allowed = toPaint === undefined ? ['GET', 'HEAD'] : ['POST'];
  if (!allowed.includes(req.method)) {
    req.resume();
    res.setHeader('Allow', allowed.join(', '));
    return problem(res, 405, `cats take ${allowed.join(' and ')} here, not ${req.method}`);
  }
  if (toPaint !== undefined) return paint(req, res, toPaint);
  if (Object.hasOwn(ROUTES, path)) return ROUTES[path](req, res, query);
  if (path.startsWith('/cats/')) return serveCat(res, path.slice('/cats/'.length));
  if (path.startsWith('/paintings/')) return showPainting(res, path.slice('/paintings/'.length));
  return html(res, notFound(path), 404);
}

/** `/cats/<name>` is a page, `/cats/<name>.svg` its picture. */
function serveCat(res, rest) {
  const [, name, picture] = /^([a-z]{1,20})(\.svg)?$/.exec(rest) ?? [];
  if (name === undefined) return problem(res, 400, 'the name of a cat is 1 to 20 letters a to z');
  const cat = findCat(name);
  if (!cat) return html(res, notFound(`/cats/${name}`), 404);
  if (picture === undefined) return html(res, catPage(cat));
  res.setHeader('Cache-Control', 'public, max-age=3600');
  return send(res, 200, 'image/svg+xml; charset=utf-8', drawCat(cat));
}

/** `POST /cats/<name>/paint` has a spooler paint the cat. */
function paint(req, res, name) {
  req.resume();
  const cat = findCat(name);
  return cat ? order(res, cat) : html(res, notFound(`/cats/${name}`), 404);
}

/** A target is a path and perhaps a query; a proxy may send it with scheme and host. */
function split(target) {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = relative.indexOf('?');
  return mark < 0
    ? { path: relative || '/', query: new URLSearchParams() }
    : {
        path: relative.slice(0, mark) || '/',
        query: new URLSearchParams(relative.slice(mark + 1)),
      };
}
