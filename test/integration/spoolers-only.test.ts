import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFolder } from '../support/folder.js';
import { get } from '../support/http.js';
import { APPS, startServer } from '../support/server.js';
import { Spooling } from '../support/spooling.js';

const LIMIT = { timeout: 120_000 };

test(
  'a machine that only runs tasks has spoolers, and neither workers nor sockets',
  LIMIT,
  async (t) => {
    const folder = makeFolder(t, {});
    const queue = ['--spooler', `${folder}/queue`, '--spooler-import', `${APPS}/tasks.mjs`];
    const server = startServer(t, queue, { onlySockets: true });
    const spooling = new Spooling(server, folder, `${folder}/queue`);
    const first = await spooling.pid();
    await spooling.spool('note', { what: 'cat' });
    await spooling.noted('ran cat 1');
    const stats = await server.until('it to be done', ({ spoolers }) => spoolers[0]?.done === 1);
    assert.deepEqual([stats.workers, stats.sockets, stats.routers], [[], [], []]);
    const ready = await get(`http://127.0.0.1:${await server.statsPort()}/readyz`);
    assert.deepEqual([ready.status, ready.body.trim()], [200, 'ready: 1 of 1 spoolers run tasks']);
    server.kill('SIGHUP');
    await spooling.until('the new one', ({ state, pid }) => state === 'ready' && pid !== first);
    await server.until('the end of the reload', ({ reload }) => reload.state === 'done');
    await spooling.spool('note', { what: 'dog' });
    await spooling.noted('ran dog 1');
    server.kill('SIGTERM');
    assert.equal(await server.exited(), 0);
  },
);
