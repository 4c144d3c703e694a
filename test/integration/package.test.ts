import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { publint } from 'publint';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { goalOf, relativeLinks } from '../support/markdown-links.js';
import { ROOT } from '../support/server.js';

/**
 * The package as a user gets it: npm installs the tarball and its dependencies, from the registry or
 * from what npm has of it already. All of it is tried with the one installation, since that takes
 * longest.
 */

/** What npm says where neither is there: nothing is wrong with the package then. */
const OUT_OF_REACH = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/;

/** What the package may have without its dependencies: more is a mistake of `files`. */
const MOST_BYTES = 2_000_000;

interface Installed {
  readonly tarball: string;
  /** The folder of the package. */
  readonly place: string;
  /** A folder from which it is imported by name. */
  readonly beside: string;
  readonly bin: (program: string) => string;
  readonly man: string;
}

function npm(words: readonly string[], cwd: string): SpawnSyncReturns<string> {
  return spawnSync('npm', words, { cwd, encoding: 'utf8' });
}

function install(t: TestContext): Installed | undefined {
  const folder = makeFolder(t, {});
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], ROOT);
  const name = readdirSync(folder).find((each) => each.endsWith('.tgz'));
  assert.ok(name !== undefined, 'npm pack made a tarball');
  const tarball = path.join(folder, name);
  const prefix = path.join(folder, 'global');
  mkdirSync(prefix);
  const how = ['--prefix', prefix, '--prefer-offline', '--no-audit', '--no-fund'];
  const { status, stderr } = npm(['install', '--global', ...how, tarball], folder);
  if (status !== 0 && OUT_OF_REACH.test(stderr)) {
    t.skip('needs the registry, or a cache of npm that has the dependencies');
    return undefined;
  }
  assert.equal(status, 0, stderr);
  return {
    tarball,
    place: path.join(prefix, 'lib/node_modules/tsuwsgi'),
    beside: path.join(prefix, 'lib'),
    bin: (program) => path.join(prefix, 'bin', program),
    man: path.join(prefix, 'share/man/man1'),
  };
}

const output = (file: string, ...words: readonly string[]): string =>
  execFileSync(file, words, { encoding: 'utf8' });

test('npm installs the tarball in an empty folder, and all of it works', async (t) => {
  const installed = install(t);
  if (installed === undefined) return;
  const { place, beside, bin } = installed;

  await t.test('its programs answer, and complete in three shells', () => {
    assert.match(output(bin('tsuwsgi'), '--version'), /^tsuwsgi \d/);
    assert.match(output(bin('tsuwsgitop'), '--version'), /^tsuwsgitop \d/);
    assert.match(output(bin('tsuwsgi'), 'spool', '--help'), /Exit status/);
    for (const shell of ['bash', 'zsh', 'fish']) {
      assert.match(output(bin('tsuwsgi'), '--completions', shell), /http-socket/);
      assert.match(output(bin('tsuwsgitop'), '--completions', shell), /frequency/);
    }
  });

  await t.test('its manual pages are where man looks', () => {
    const pages = readdirSync(installed.man).sort();
    const named = manifest(place)['man'] as readonly string[];
    assert.deepEqual(pages, named.map((page) => path.basename(page)).sort());
  });

  await t.test('an application is served', { timeout: 30_000 }, async (inner) => {
    writeFileSync(
      path.join(beside, 'app.mjs'),
      `import { worker } from 'tsuwsgi';
       export default (request, response) => response.end('worker ' + worker.id);`,
    );
    const words = ['--http', '127.0.0.1:0', '--module', path.join(beside, 'app.mjs')];
    const server = spawn(bin('tsuwsgi'), words, { stdio: ['ignore', 'ignore', 'pipe'] });
    inner.after(async () => {
      const gone = once(server, 'exit');
      if (server.kill()) await gone;
    });
    let told = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
    const answer = await eventually('an answer', async () => {
      const address = /http bound on (127\.0\.0\.1:\d+)/.exec(told)?.[1];
      return address !== undefined && (await (await fetch(`http://${address}/`)).text());
    });
    assert.equal(answer, 'worker 1', told);
  });

  await t.test('types come with it', () => {
    writeFileSync(
      path.join(beside, 'consumer.mts'),
      `import { connect, StatsError, worker, type Snapshot } from 'tsuwsgi';
       import { spool, task, type TaskContext } from 'tsuwsgi/spooler';
       const id: number | undefined = worker?.id;
       const seen: Snapshot[] = [];
       for await (const snapshot of await connect(':9191')) seen.push(snapshot);
       task('paint', (payload: unknown, { attempt }: TaskContext) => [payload, attempt, id]);
       const { id: of } = await spool('paint', null);
       const text: string = of;
       export { StatsError, text };`,
    );
    const tsc = path.join(ROOT, 'node_modules/typescript/bin/tsc');
    const types = ['--typeRoots', path.join(ROOT, 'node_modules/@types'), '--types', 'node'];
    const how = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      ...types,
    ];
    const words = [tsc, ...how, path.join(beside, 'consumer.mts')];
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    assert.equal(status, 0, stdout);
  });

  await t.test('a stack names the lines of the TypeScript source', () => {
    writeFileSync(
      path.join(beside, 'stack.mjs'),
      `import { task } from 'tsuwsgi/spooler';
       try { task('cat', null); } catch ({ stack }) { console.log(stack); }`,
    );
    const stack = output(process.execPath, '--enable-source-maps', path.join(beside, 'stack.mjs'));
    const found = /\/server\/spooler\/(tasks\.ts):(\d+)/.exec(stack);
    assert.ok(found !== null, stack);
    const lines = readFileSync(path.join(ROOT, 'server/spooler/tasks.ts'), 'utf8').split('\n');
    assert.match(lines[Number(found[2]) - 1] ?? '', /throw new TypeError/);
  });

  await t.test('the files that its pages name are in it', () => {
    const pages = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.md') && !/^node_modules\b/.test(file),
    );
    const links = pages.flatMap(relativeLinks);
    assert.ok(pages.length > 10 && links.length > 80, `${pages.length}, ${links.length}`);
    for (const link of links) {
      assert.ok(existsSync(path.join(place, goalOf(link))), `${link.page}: ${link.target}`);
    }
  });

  await t.test('it runs nothing when it is installed, and publint has nothing to say', async () => {
    const scripts = Object.keys(manifest(place)['scripts'] as object);
    assert.ok(!scripts.some((name) => /^(pre|post)?(install|prepare|publish)$/.test(name)));
    const { messages } = await publint({ pkgDir: place, pack: false });
    assert.deepEqual(messages, []);
  });

  await t.test('it has no tests, no sources twice, and is small', () => {
    const files = readdirSync(place, { recursive: true, encoding: 'utf8' })
      .filter((file) => !/^node_modules\b/.test(file))
      .filter((file) => statSync(path.join(place, file)).isFile());
    assert.deepEqual(
      files.filter((file) => /\.test\.|^test\/|^dist\/(test|examples)\/|tsbuildinfo/.test(file)),
      [],
    );
    const bytes = files.reduce((sum, file) => sum + statSync(path.join(place, file)).size, 0);
    assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  });

  await t.test('npx runs it from the tarball', () => {
    const words = ['--yes', '--prefer-offline', '--package', installed.tarball];
    assert.match(output('npx', ...words, '--', 'tsuwsgi', '--version'), /^tsuwsgi \d/);
  });
});

function manifest(place: string): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as Readonly<
    Record<string, unknown>
  >;
}
