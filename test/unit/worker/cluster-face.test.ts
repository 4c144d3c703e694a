import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { makeFolder } from '../../support/folder.js';

const FACE = new URL('../../../server/worker/application/cluster-face.js', import.meta.url).href;

const run = promisify(execFile);

const seen = 'cluster.isPrimary, cluster.isMaster, cluster.isWorker, cluster.worker?.id ?? null';

/** What each asks node:cluster, in a process that shows the face of worker 3 to `folder`. */
const FILES = {
  'app/common.cjs': `const cluster = require('cluster'); module.exports = [${seen}, typeof process.send];`,
  'app/named.mjs': `import cluster, { isPrimary, isWorker } from 'node:cluster';
    export const asked = [${seen}, typeof process.send];
    export const named = [isPrimary, isWorker];`,
  'app/node_modules/logger/index.cjs': `const cluster = require('cluster'); module.exports = [${seen}, typeof process.send];`,
  'app/main.mjs': `import net from 'node:net';
    import dgram from 'node:dgram';
    import { once } from 'node:events';
    import { createRequire } from 'node:module';
    import { showClusterFace } from ${JSON.stringify(FACE)};
    const require = createRequire(import.meta.url);
    showClusterFace(3, import.meta.dirname);
    const { asked, named } = await import('./named.mjs');
    const server = net.createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.close();
    const common = require('./common.cjs');
    const logger = require('./node_modules/logger/index.cjs');
    console.log(JSON.stringify({ common, asked, named, logger }));`,
};

test('an application is a worker to its own files, and to packages and Node what it is', async (t) => {
  const folder = makeFolder(t, FILES);
  const { stdout } = await run(process.execPath, [path.join(folder, 'app/main.mjs')]);
  const worker = [false, false, true, 3, 'function'];
  assert.deepEqual(JSON.parse(stdout), {
    ...{ common: worker, asked: worker, named: [false, true] },
    logger: [true, true, false, null, 'undefined'],
  });
});
