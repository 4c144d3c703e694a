import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { endsWithTest } from '../support/command.js';
import { eventually } from '../support/eventually.js';
import { makeFolder } from '../support/folder.js';
import { pageSteps } from '../support/page-commands.js';
import { createPageReader, lendPrograms, type PageReader } from '../support/page-reader.js';
import { get } from '../support/http.js';
import { ROOT } from '../support/server.js';

/**
 * README's commands, and those of the quick start, one by one as a newcomer types them: in an empty
 * folder, with the package as npm installs it, and nothing but Node, npm, a shell and curl. A command
 * without an expectation fails, and so does an expectation that no command has.
 */

/** What becomes of a command. */
type Expectation = { readonly command: string } & (
  | { readonly ends: RegExp }
  /** It goes on; what went on before is ended by ^C. It says this, and then the application serves. */
  | { readonly stays: RegExp }
  /** It goes into the background, where it serves; what went on before is ended by ^C. */
  | { readonly leaves: 'serving' }
  /** A program of the full screen. */
  | { readonly shows: RegExp }
  /** Why it is not run. */
  | { readonly left: string }
);

const SERVES = /Stats server enabled on/;
const SCREEN = /^ *WID\b/m;

const README: readonly Expectation[] = [
  { command: 'npm install -g tsuwsgi', ends: /^added \d+ packages/m },
  { command: 'tsuwsgi dev app.mjs', stays: /http:\/\/127\.0\.0\.1:\d+ {2}app\.mjs/ },
  {
    command: 'tsuwsgi --http-socket :8000 --module app.mjs -p 4 --stats :9191',
    stays: SERVES,
  },
  { command: 'tsuwsgitop localhost:9191', shows: SCREEN },
  { command: 'tsuwsgi --check-config app.ini', ends: /^configuration is valid$/m },
  { command: 'tsuwsgi app.ini', stays: SERVES },
  { command: 'npm start', left: 'it is for a clone: test/unit/examples tests it' },
  { command: 'tsuwsgi --help', ends: /--http-socket/ },
  { command: 'tsuwsgi --help harakiri', ends: /^--harakiri, -t S$/m },
  { command: 'tsuwsgitop --once :9191', ends: /^workers 4 \(/m },
  { command: 'tsuwsgitop --csv -n 1 :9191', ends: /^time,wid,status,/ },
  { command: 'curl -s localhost:9191/stats', ends: /"workers":/ },
  { command: 'curl -s localhost:9191/metrics', ends: /^# TYPE tsuwsgi_/m },
  { command: 'curl -s localhost:9191/readyz', ends: /ready/ },
  {
    command: 'tsuwsgi --daemonize app.log --pidfile app.pid --vacuum app.ini',
    leaves: 'serving',
  },
  { command: 'tsuwsgi --status app.pid', ends: /^state: serving$/m },
  { command: 'tsuwsgi --reload app.pid', ends: /^reload finished, 4\/4 / },
  { command: 'tsuwsgi --upgrade app.pid', ends: /^upgraded: master \d+ has taken over/ },
  { command: 'tsuwsgi --stop app.pid', ends: /^stopped: process \d+ ended/ },
  {
    command: 'man tsuwsgi',
    left: 'it needs man: integration/package finds the page where man looks',
  },
  { command: 'man tsuwsgitop', left: 'as man tsuwsgi' },
  { command: 'tsuwsgi --completions bash', ends: /^complete .* tsuwsgi$/m },
];

const QUICK_START: readonly Expectation[] = [
  {
    command: 'npm install tsuwsgi',
    left: 'it takes longest, and README has installed the package',
  },
  { command: 'npx tsuwsgi dev app.mjs', stays: /http:\/\/127\.0\.0\.1:\d+ {2}app\.mjs/ },
  {
    command: 'npx tsuwsgi --http :8000 --module app.mjs -p 4 --stats :9191',
    stays: SERVES,
  },
  { command: 'npx tsuwsgitop localhost:9191', shows: SCREEN },
  { command: 'npx tsuwsgi app.ini', stays: SERVES },
];

/** What npm says where neither the registry nor a cache has the dependencies. */
const OUT_OF_REACH = /ENOTCACHED|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/;

function pack(folder: string): string {
  const words = ['pack', '--ignore-scripts', '--pack-destination', folder];
  const { status, stderr } = spawnSync('npm', words, { cwd: ROOT, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball !== undefined, 'npm pack made a tarball');
  return path.join(folder, tarball);
}

/** `npm install -g tsuwsgi`, of the tarball, into a folder of the test; null where that cannot be. */
function install(command: string, tarball: string, prefix: string): string | null {
  const words = command.replace('npm ', '').replace('tsuwsgi', tarball).split(' ');
  const npm = { prefix, 'prefer-offline': 'true', audit: 'false', fund: 'false' };
  const settings = Object.entries(npm).map(([name, value]) => `--${name}=${value}`);
  const how = { cwd: os.tmpdir(), encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync('npm', [...words, ...settings], how);
  if (status !== 0 && OUT_OF_REACH.test(stderr)) return null;
  assert.equal(status, 0, stderr);
  return stdout;
}

/** Does all that a page says, and holds each command against what is expected of it. */
async function follow(
  reader: PageReader,
  page: string,
  expectations: readonly Expectation[],
): Promise<void> {
  const steps = pageSteps(page);
  assert.deepEqual(
    steps.flatMap((step) => (step.kind === 'command' ? [step.text] : [])),
    expectations.map(({ command }) => command),
    'each command of the page has an expectation, and each expectation a command',
  );
  const left = [...expectations];
  for (const step of steps) {
    if (step.kind === 'file') reader.write(step.name, reader.here(step.text));
    else await meet(reader, left.shift());
  }
}

async function meet(reader: PageReader, expected: Expectation | undefined): Promise<void> {
  if (expected === undefined || 'left' in expected || expected.command.startsWith('npm ')) return;
  const command = reader.here(expected.command);
  if ('shows' in expected) {
    await look(reader, command, expected.shows);
    return;
  }
  if ('ends' in expected) {
    assert.match(await runWell(reader, command), expected.ends, command);
    return;
  }
  await endForeground(reader);
  if ('leaves' in expected) {
    await runWell(reader, command);
    return;
  }
  const told = await reader.start(command, expected.stays);
  // `dev` says where it serves.
  const address = /http:\/\/(127\.0\.0\.1:\d+) /.exec(told)?.[1] ?? reader.at['8000'];
  const { body } = await eventually('an answer', () => get(`http://${address}/`));
  assert.equal(body, 'purr\n', command);
}

async function runWell(reader: PageReader, command: string): Promise<string> {
  const { code, told } = await reader.run(command);
  assert.equal(code, 0, `${command}: ${told}`);
  return told;
}

/** ^C to what goes on, which ends well: what npx ends with is npm's. */
async function endForeground(reader: PageReader): Promise<void> {
  const before = await reader.interrupt();
  if (!before?.command.startsWith('tsuwsgi')) return;
  assert.equal(before.code, 0, `${before.command}, at ^C: ${before.told}`);
}

async function look(reader: PageReader, command: string, shows: RegExp): Promise<void> {
  const top = await reader.open(command);
  if (top === undefined) return;
  await top.until((screen) => shows.test(screen), command);
  top.press('?');
  await top.until((screen) => screen.includes('PgUp'), 'its keys');
  top.press('escape');
  await top.until((screen) => !screen.includes('PgUp'), 'the end of its keys');
  top.press('q');
  assert.equal((await top.exited).exitCode, 0, command);
}

test('the commands of README and the quick start do what they say', async (t: TestContext) => {
  const folder = makeFolder(t, {});
  const [bin, prefix] = [path.join(folder, 'bin'), path.join(folder, 'global')];
  if (!lendPrograms(bin)) {
    t.skip('needs npm, npx, sh and curl');
    return;
  }
  const first = README[0];
  assert.ok(first !== undefined && 'ends' in first);
  const told = install(first.command, pack(folder), prefix);
  if (told === null) {
    t.skip('needs the registry, or a cache of npm that has the dependencies');
    return;
  }
  assert.match(told, first.ends);

  await t.test('README.md', async (inner) => {
    const place = path.join(folder, 'readme');
    mkdirSync(place);
    endsWithTest(inner, place, 'app.pid');
    const reader = await createPageReader(inner, place, [bin, path.join(prefix, 'bin')]);
    await follow(reader, 'README.md', README);
  });

  await t.test('docs/guides/quick-start.md', async (inner) => {
    const place = path.join(folder, 'quick');
    mkdirSync(path.join(place, 'node_modules/.bin'), { recursive: true });
    for (const program of ['tsuwsgi', 'tsuwsgitop']) {
      const file = path.join(prefix, 'bin', program);
      symlinkSync(file, path.join(place, 'node_modules/.bin', program));
    }
    const reader = await createPageReader(inner, place, [bin]);
    await follow(reader, 'docs/guides/quick-start.md', QUICK_START);
  });
});
