import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { DecodedRouter } from '../../shared/stats.js';
import type { ClientEvent } from '../../top/model/client-event.js';
import { ClientLog } from '../support/client-log.js';
import { freePort, startUwsgi, WITHOUT_ROUTER } from '../support/real-uwsgi.js';
import { ROOT } from '../support/server.js';

const TOP = path.join(ROOT, 'dist/top/main.js');

function routerOf(event: ClientEvent & { readonly type: 'document' }): DecodedRouter {
  assert.equal(event.document.kind, 'router');
  return (event.document as { router: DecodedRouter }).router;
}

/** What tsuwsgitop writes of the server at an address, which must end well. */
function written(...args: readonly string[]): string {
  const ended = spawnSync(process.execPath, [TOP, ...args], { encoding: 'utf8', timeout: 30_000 });
  assert.equal(ended.status, 0, ended.stderr);
  return ended.stdout;
}

describe('the http router of a real uWSGI', { skip: WITHOUT_ROUTER, timeout: 90_000 }, () => {
  test('is shown with its keys and nodes, and written in every form that needs no workers', async () => {
    const [front, announce, node] = [await freePort(), await freePort(), await freePort()];
    await using uwsgi = await startUwsgi((folder) => [
      ...['--plugin', 'http', '--http', `127.0.0.1:${front}`],
      ...['--http-subscription-server', `127.0.0.1:${announce}`],
      ...['--http-stats-server', path.join(folder, 'http.sock')],
      ...['--socket', `127.0.0.1:${node}`, '--stats', path.join(folder, 'stats.sock')],
      ...['--subscribe-to', `127.0.0.1:${announce}:shop.example`],
    ]);
    const address = path.join(uwsgi.folder, 'http.sock');
    using log = new ClientLog(address);
    // A node announces itself a little later than the router listens.
    const event = await log.until('document', (each) => {
      const [first] = routerOf(each).subscriptions ?? [];
      return (first?.nodes ?? []).length > 0;
    });
    const router = routerOf(event);
    assert.equal(router.name, 'http');
    assert.equal(router.addresses[0], `127.0.0.1:${front}`);
    assert.equal(router.subscriptions?.[0]?.key, 'shop.example');
    await log.until('control', ({ control }) =>
      JSON.stringify(control).includes('a uWSGI http router has no workers'),
    );

    assert.match(
      written('--once', address),
      /HTTP ROUTER\n[^]*KEY shop\.example · 0 hits · 1 node/,
    );
    const json = JSON.parse(written('--json', address)) as { http: string[] };
    assert.equal(json.http[0], `127.0.0.1:${front}`);
    assert.match(written('--plain', '-n', '1', address), /uWSGI http router at 127\.0\.0\.1:/);
    const csv = spawnSync(process.execPath, [TOP, '--csv', '-n', '1', address], {
      ...{ encoding: 'utf8', timeout: 30_000 },
    });
    assert.match(csv.stderr, /has no workers, and CSV has a row for each: use --plain or --ndjson/);
    assert.notEqual(csv.status, 0);
  });
});
