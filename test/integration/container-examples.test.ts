import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { eventually } from '../support/eventually.js';
import { example, EXAMPLES, replaced } from '../support/examples.js';
import { makeFolder } from '../support/folder.js';
import { CATSERVE, ROOT, startServer } from '../support/server.js';

/** What examples/ says of containers is run here, with other ports and paths. */

const MAIN = fileURLToPath(new URL('../../server/main.js', import.meta.url));

interface HttpGet {
  readonly path: string;
  readonly port: string;
}

interface Probe {
  readonly httpGet: HttpGet;
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly containers: readonly {
    readonly args: readonly string[];
    readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
    readonly startupProbe: Probe;
    readonly readinessProbe: Probe;
    readonly livenessProbe: Probe;
    readonly lifecycle: { readonly preStop: { readonly exec: { readonly command: string[] } } };
  }[];
}

function podSpec(): PodSpec {
  const document = parseDocument(example('kubernetes/deployment.yaml'));
  assert.deepEqual(document.errors, []);
  const { spec } = document.toJS() as { spec: { template: { spec: PodSpec } } };
  return spec.template.spec;
}

test('examples/kubernetes has probes that its own server answers, and waits long enough', async (t) => {
  const { containers, terminationGracePeriodSeconds: grace } = podSpec();
  const [container] = containers;
  const { args, ports, lifecycle, ...probes } = container!;
  const portOf = (name: string) => ports.find((port) => port.name === name)!.containerPort;
  assert.ok(args.includes(`--http=0.0.0.0:${portOf('http')}`));
  const stats = `--stats=0.0.0.0:${portOf('stats')}`;
  const own = replaced(args.join(' '), [
    [`--http=0.0.0.0:${portOf('http')}`, '--http 127.0.0.1:0'],
    [stats, '--stats 127.0.0.1:0'],
    ['--processes=2', '--processes=1'],
    ['--module=app.js', `--module=${CATSERVE}`],
  ]);
  const server = startServer(t, own.split(' '), { stats: false });
  const answerTo = async ({ path: of, port }: HttpGet): Promise<number | undefined> => {
    assert.equal(port, 'stats');
    // The kubelet names the pod by its address.
    const headers = { host: `10.1.2.3:${portOf('stats')}` };
    const request = http.get({ port: await server.statsPort(), path: of, headers });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.resume();
    return response.statusCode;
  };
  // As the kubelet does, which asks nothing else before.
  await eventually('the start', async () => (await answerTo(probes.startupProbe.httpGet)) === 200);
  for (const { httpGet } of [probes.readinessProbe, probes.livenessProbe]) {
    assert.equal(await answerTo(httpGet), 200, httpGet.path);
  }
  const [program, seconds] = lifecycle.preStop.exec.command;
  assert.equal(program, 'sleep');
  const mercy = Number(/--worker-reload-mercy=(\d+)/.exec(own)?.[1]);
  assert.ok(grace >= Number(seconds) + mercy + 5, 'preStop, mercy, and 5 s for the end');
  const service = parseDocument(example('kubernetes/service.yaml'));
  assert.deepEqual(service.errors, []);
  assert.equal(service.getIn(['spec', 'ports', 0, 'targetPort']), 'http');
});

/** The words of an instruction that is written as a JSON list. */
function instruction(name: string): string[] {
  const [, list = '[]'] =
    new RegExp(`^${name} (\\[.*\\])$`, 'm').exec(example('docker/Dockerfile')) ?? [];
  return JSON.parse(list) as string[];
}

const UNSHARE = spawnSync('unshare', ['-m', 'true']).status === 0 && process.getuid?.() === 0;

/** Makes all but /tmp read-only, as --read-only and --tmpfs /tmp do, and gives up root. */
const READ_ONLY = `set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /mnt
mkdir /mnt/app /mnt/program
mount --bind "$APP" /mnt/app
mount --bind "$PROGRAM" /mnt/program
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -o remount,ro,bind /mnt
cd /mnt/app
mount -o remount,ro,bind /mnt/app
mount -o remount,ro,bind /
exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs "$@"`;

describe('examples/docker', () => {
  test('copies only what there is, and is nobody’s root', () => {
    const text = example('docker/Dockerfile');
    assert.match(text, /^USER node$/m);
    assert.deepEqual(instruction('ENTRYPOINT'), ['node_modules/.bin/tsuwsgi']);
    assert.ok(existsSync(path.join(EXAMPLES, 'docker/.dockerignore')));
    const { bin } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    assert.ok('tsuwsgi' in bin);
  });

  test(
    'has a command that serves without root, where nothing but /tmp can be written',
    {
      skip: UNSHARE ? false : 'needs root and unshare(1)',
    },
    async (t) => {
      const app = makeFolder(t, {});
      writeFileSync(path.join(app, 'package.json'), '{"type":"module"}');
      cpSync(path.dirname(CATSERVE), app, { recursive: true });
      spawnSync('chmod', ['-R', 'a+rX', app]);
      const command = replaced(instruction('CMD').join(' '), [
        ['0.0.0.0:8000', '127.0.0.1:0'],
        ['127.0.0.1:9191', '127.0.0.1:0'],
        ['--processes=2', '--processes=1'],
      ]).split(' ');
      const child = spawn(
        'unshare',
        [
          ...['-m', 'sh', '-c', READ_ONLY, 'sh', process.execPath],
          ...[`/mnt/program/${path.relative(ROOT, MAIN)}`, ...command],
        ],
        {
          env: { PATH: process.env['PATH'], APP: app, PROGRAM: ROOT },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      t.after(() => child.kill('SIGKILL'));
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (line: string) => (said += line));
      }
      const port = (what: RegExp) =>
        eventually(`${what}: ${said}`, () => Number(what.exec(said)?.[1] ?? 0) || null);
      const stats = await port(/Stats server enabled on 127\.0\.0\.1:(\d+)/);
      // The container's own health check, on the port of this one.
      const check = instruction('HEALTHCHECK .* CMD').map((word) =>
        word.replace('127.0.0.1:9191', `127.0.0.1:${stats}`),
      );
      assert.equal(check[0], 'node');
      // Asked again after a while, as a container is.
      await eventually(
        'a good health',
        () => {
          const { status, stderr } = spawnSync(process.execPath, check.slice(1), {
            encoding: 'utf8',
          });
          if (status !== 0) throw new Error(`${check.join(' ')}: ${stderr} ${said}`);
          return true;
        },
        10_000,
      );
      await eventually(`a ready instance: ${said}`, async () => {
        const request = http.get({ port: stats, path: '/readyz' });
        const [response] = (await once(request, 'response')) as [http.IncomingMessage];
        response.resume();
        return response.statusCode === 200;
      });
      child.kill('SIGTERM');
      const [code] = (await once(child, 'close')) as [number | null];
      assert.equal(code, 0, said);
    },
  );
});
