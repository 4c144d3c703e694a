import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { describe, test } from 'node:test';
import { certificateProblem, makeAuthority } from '../support/certificates.js';
import { makeFolder } from '../support/folder.js';
import { PROXYING, startProxying } from '../support/proxying.js';
import { startServer } from '../support/server.js';

/** The PROXY protocol as programs speak it that others have written. */

const APP = `export default ({ headers, url }, response) => {
  response.end([url, headers['x-forwarded-for'], headers['x-forwarded-proto']].join(' '));
};\n`;

/** Where the client is: the program that stands between is 127.0.0.1. */
const CLIENT = '127.0.0.2';

type Request = typeof http.request;

async function ask(request: Request, options: https.RequestOptions): Promise<string> {
  const asked = request({ host: '127.0.0.1', localAddress: CLIENT, ...options }).end();
  const [response] = (await once(asked, 'response')) as [http.IncomingMessage];
  return (await response.toArray()).join('');
}

for (const [name, program] of Object.entries(PROXYING)) {
  const skip = program.missing || (certificateProblem() ?? false);
  describe(`behind a real ${name}`, { skip, timeout: 120_000 }, () => {
    test('the client is known on --http and --https, for every request of a connection', async (t) => {
      const authority = makeAuthority(t, 'ca');
      const { cert, key } = authority.sign('server');
      const args = ['--http', '127.0.0.1:0', '--https', `127.0.0.1:0,${cert},${key}`];
      const server = startServer(
        t,
        [
          ...[...args, '--module', 'app.mjs', '-p', '1'],
          ...['--http-enable-proxy-protocol', '--trust-proxy', '127.0.0.1'],
        ],
        { cwd: makeFolder(t, { 'app.mjs': APP }) },
      );
      await server.ready();
      const [, secure = ''] = await server.logged(/tsuwsgi https bound on .*:(\d+) fd/);
      const plain = await server.port();
      const ports = await startProxying(t, program, [plain, Number(secure)]);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const secureAgent = new https.Agent({ keepAlive: true, maxSockets: 1 });
      t.after(() => {
        agent.destroy();
        secureAgent.destroy();
      });
      const ca = readFileSync(authority.cert);
      for (const path of ['/first', '/second']) {
        const answer = await ask(http.request, { path, agent, port: ports[0] });
        assert.equal(answer, `${path} ${CLIENT} http`);
        const options = { path, agent: secureAgent, port: ports[1], ca, servername: 'localhost' };
        assert.equal(await ask(https.request, options), `${path} ${CLIENT} https`);
      }
      await server.logged(/\] 127\.0\.0\.2 \(\) \{[^\n]* GET \/second =>/);
    });
  });
}
