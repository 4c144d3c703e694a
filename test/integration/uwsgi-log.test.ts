import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../support/eventually.js';
import { get } from '../support/http.js';
import { startUwsgi, WITHOUT_UWSGI } from '../support/real-uwsgi.js';
import { CATSERVE, startServer } from '../support/server.js';

/** What goes from a log into scripts has the form that it has in uWSGI: digits and times differ. */

/** A request line and the totals that SIGUSR1 asks for, with every number and name made the same. */
function shapeOf(log: string): { readonly request: string; readonly totals: string } {
  const request = /^.*\{rss usage.* GET \/ => .*$/m.exec(log)?.[0] ?? '';
  const totals = /^\tworkers total requests: \d+\n[^]*?(?:worker 2 .*\n-+\n)/m.exec(log)?.[0] ?? '';
  const times = /\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\]/;
  return { request: request.replace(times, '[TIME]').replace(/\d+/g, 'N'), totals };
}

const REQUEST =
  '{address space usage: N bytes/NMB} {rss usage: N bytes/NMB} [pid: N|app: N|req: N/N] N.N.N.N () ' +
  '{N vars in N bytes} [TIME] GET / => generated N bytes in N msecs (HTTP/N.N N) N headers in N bytes ' +
  '(N switches on core N)';

/** One request by either of two workers. */
const TOTALS =
  /^\tworkers total requests: 1\n-{17}\n\tworker 1 app 0 \[\] requests: (0|1) exceptions: 0\n-{17}\n\tworker 2 app 0 \[\] requests: (?!\1)(0|1) exceptions: 0\n-{17}\n$/;

async function logged(log: () => string): Promise<ReturnType<typeof shapeOf>> {
  return eventually('the request and the totals to be in the log', () => {
    const shape = shapeOf(log());
    return shape.request !== '' && shape.totals !== '' ? shape : null;
  });
}

describe('under --memory-report the log has the memory of each request, and on SIGUSR1 the totals', () => {
  test('of a tsuwsgi', async (t) => {
    const server = startServer(t, ['--module', CATSERVE, '-p', '2', '--memory-report']);
    await server.ready();
    await get(await server.url('/'));
    await server.until(
      'the request to be counted',
      ({ workers }) => workers.reduce((sum, { requests }) => sum + requests, 0) === 1,
    );
    server.kill('SIGUSR1');
    const { request, totals } = await logged(() => server.output);
    assert.equal(request, REQUEST);
    assert.match(totals, TOTALS);
  });

  test('of a real uWSGI', { skip: WITHOUT_UWSGI }, async () => {
    await using uwsgi = await startUwsgi(() => ['--stats', '127.0.0.1:0', '--memory-report']);
    const [, http = ''] = /bound to TCP address (127\.0\.0\.1:\d+)/.exec(uwsgi.log()) ?? [];
    await (await fetch(`http://${http}/`)).text();
    await eventually('the request to be logged', () => shapeOf(uwsgi.log()).request !== '');
    process.kill(uwsgi.pid, 'SIGUSR1');
    const { request, totals } = await logged(uwsgi.log);
    assert.equal(request, REQUEST);
    assert.match(totals, TOTALS);
  });
});
