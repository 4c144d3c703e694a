// The pictures of the site: the same goldens that the tests hold the screens against, so they cannot
// show what the program does not. They are made with the site and are in no package.
import { readFileSync } from 'node:fs';

/** By the name of the golden: what is to be seen. A page shows one with `<!-- picture: NAME -->`. */
export const PICTURES = {
  workers: 'The workers: one of twelve is stuck, and eleven requests wait behind it',
  'requests-in-flight': 'The requests in flight over all workers, the oldest first',
  memory: 'The memory of each worker: one is suspected of a leak in its heap',
  others: 'The sockets, caches and spoolers of a real uWSGI',
  queue: 'The tasks of a queue: two run, three failed, the others wait',
  detail: 'One worker that is stuck: its charts, its memory, and where its stack stands',
  events: 'The events: two harakiri, a worker that crashed, two reloads',
};

const SIZE = '120x40';
const GOLDENS = new URL('../test/golden/', import.meta.url);

/** The picture of a screen as SVG. Needs the build: the tests draw the README's with the same code. */
export async function drawn(name) {
  const { shotOf } = await import('../dist/test/support/look-shot.js');
  const { pictureOf } = await import('../dist/test/support/picture.js');
  const golden = readFileSync(new URL(`${name}-colour-${SIZE}.txt`, GOLDENS), 'utf8');
  return pictureOf(shotOf(golden, PICTURES[name]));
}
