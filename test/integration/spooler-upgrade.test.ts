import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { APPS, isAlive } from '../support/server.js';
import { Spooling } from '../support/spooling.js';
import { startUpgradable } from '../support/upgrades.js';

test('an upgrade with tasks under way loses none and runs none twice', async (t) => {
  const folder = makeFolder(t, {});
  const { server, upgrade, end } = startUpgradable(t, [
    ...['--module', path.join(APPS, 'spools.mjs'), '--spooler', path.join(folder, 'queue')],
    ...['--spooler-import', path.join(APPS, 'tasks.mjs'), '--spooler-processes', '2'],
    ...['--spooler-concurrency', '2'],
  ]);
  const spooling = new Spooling(server, folder, path.join(folder, 'queue'));
  await spooling.pid();
  await spooling.spool('hold', { what: 'old' });
  await spooling.noted('began old 1');

  let spooled = 0;
  const producing = new AbortController();
  const production = (async () => {
    while (!producing.signal.aborted) await spooling.spool('note', { what: `cat-${spooled++}` });
  })();
  const goOn = async (): Promise<void> => {
    const before = spooling.notes().length;
    await eventually('more tasks to have run', () => spooling.notes().length > before + 50);
  };
  await goOn();
  const successor = await upgrade(server.pid);
  await goOn();
  assert.equal(isAlive(server.pid), true, 'the old master waits for what its spooler runs');
  spooling.letGo();
  await eventually('the end of the old master', () => !isAlive(server.pid));
  await goOn();
  producing.abort();
  await production;
  await eventually('every task to have run', () => spooling.notes().length >= spooled + 2);

  const ran = spooling.notes().filter((note) => note.startsWith('ran '));
  const wanted = Array.from({ length: spooled }, (_, number) => `ran cat-${number} 1`);
  assert.deepEqual(ran.sort(), wanted.sort());
  const held = spooling.notes().filter((note) => note.includes(' old '));
  assert.deepEqual(held, ['began old 1', 'ended old 1']);
  t.diagnostic(`${spooled} tasks`);
  await end(successor);
});
