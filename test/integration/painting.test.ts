import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { browserProblem, openPage } from '../support/browser.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { CATSERVE, ROOT, startServer, type TestServer } from '../support/server.js';

/** "Paint this cat" of the example: the application spools, a spooler paints, the page follows. */

const TASKS = path.join(ROOT, 'examples/catserve/tasks.js');
const STEPS = 12;

interface Painting {
  readonly cat: string;
  readonly step: number;
  readonly of: number;
  readonly what: string;
}

async function startStudio(t: TestContext, dryingMs: number) {
  const folder = makeFolder(t, {});
  const server = startServer(
    t,
    [
      ...['--module', CATSERVE, '-p', '2'],
      ...['--spooler', path.join(folder, 'queue'), '--spooler-import', TASKS],
    ],
    {
      env: {
        CATSERVE_PAINTINGS: path.join(folder, 'paintings'),
        CATSERVE_DRYING_MS: String(dryingMs),
      },
    },
  );
  await server.ready();
  return { server, url: await server.url('') };
}

/** Has a cat painted; where that can be seen. */
async function order(url: string, cat: string): Promise<string> {
  const answer = await fetch(`${url}/cats/${cat}/paint`, { method: 'POST', redirect: 'manual' });
  assert.equal(answer.status, 303, await answer.text());
  return url + (answer.headers.get('location') ?? '');
}

async function look(painting: string): Promise<Painting> {
  return (await (await fetch(`${painting}.json`)).json()) as Painting;
}

function until(painting: string, step: number): Promise<Painting> {
  return eventually(`step ${step} of ${painting}`, async () => {
    const seen = await look(painting);
    return seen.step >= step && seen;
  });
}

async function spoolerOf(server: TestServer): Promise<number> {
  const { spoolers } = await server.until('a spooler', ({ spoolers: [first] }) => {
    return first?.state === 'ready';
  });
  return spoolers[0]?.pid ?? 0;
}

describe('a cat that is painted', () => {
  test('is painted by a spooler, layer by layer, and framed at the end', async (t) => {
    const { url } = await startStudio(t, 20);
    const painting = await order(url, 'suki');
    assert.deepEqual(await until(painting, STEPS), {
      ...{ cat: 'suki', step: STEPS, of: STEPS, what: 'done' },
    });
    const picture = await fetch(`${painting}.svg`);
    assert.equal(picture.headers.get('content-type'), 'image/svg+xml; charset=utf-8');
    const svg = await picture.text();
    assert.equal(svg.match(/filter="url\(#brush\)"/g)?.length, STEPS - 1);
    assert.doesNotMatch(svg, /undefined|NaN/);
    assert.match(await (await fetch(painting)).text(), /<progress [^>]*value="12" max="12"/);
  });

  test('is one painting for all who ask while it is under way', async (t) => {
    const { url } = await startStudio(t, 500);
    const first = await order(url, 'nori');
    assert.equal(await order(url, 'nori'), first);
    assert.notEqual(await order(url, 'mochi'), first);
  });

  test('is finished by the next spooler from where one that was killed had stopped', async (t) => {
    const { server, url } = await startStudio(t, 60);
    const painting = await order(url, 'bengt');
    const { step } = await until(painting, 2);
    process.kill(await spoolerOf(server), 'SIGKILL');
    const seen = [step];
    while ((seen.at(-1) ?? 0) < STEPS) seen.push((await until(painting, seen.at(-1) ?? 0)).step);
    assert.deepEqual(
      seen,
      seen.toSorted((one, other) => one - other),
      'a step was painted again',
    );
  });

  const skip = browserProblem() ?? false;
  test('is followed by its page in a browser until it is done', { skip }, async (t) => {
    const { server, url } = await startStudio(t, 100);
    const form = `<form method="post" action="${url}/cats/pixel/paint"></form>`;
    openPage(t, `data:text/html,${form}<script>document.forms[0].submit()</script>`, []);
    await server.logged(/GET \/paintings\/\w+\.svg\?12 /);
    const shown = [...server.output.matchAll(/GET \/paintings\/\w+\.svg\?(\d+) /g)];
    assert.ok(shown.length > 2, `it showed ${shown.map(([, step]) => step).join(', ')}`);
  });
});
