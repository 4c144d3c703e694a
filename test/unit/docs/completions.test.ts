import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, test } from 'node:test';
import { completions, type Shell, SHELLS } from '../../../shared/completions.js';
import type { OptionRow } from '../../../shared/options.js';
import { PROGRAM } from '../../../server/options/program.js';
import { readInvocation } from '../../../server/options/read.js';
import { readTopCommand, TOP_PROGRAM } from '../../../top/options.js';
import { ok } from '../../../shared/result.js';
import { makeFolder } from '../../support/folder.js';
import { ROOT } from '../../support/server.js';

const PROGRAMS = [PROGRAM, TOP_PROGRAM];

const installed = (shell: string): boolean => spawnSync(shell, ['-c', ':']).status === 0;

const namesOf = ({ name, aliases = [] }: OptionRow): string[] => [name, ...aliases];

/** How an option is written in the completion of a shell. */
const SPELLINGS: Readonly<Record<Shell, (name: string) => RegExp>> = {
  bash: (name) => new RegExp(`[ ']${name.length === 1 ? '-' : '--'}${name}(?=[ '])`, 'g'),
  zsh: (name) =>
    name.length === 1
      ? new RegExp(`[{,)']-${name}\\+?[,}']`, 'g')
      : new RegExp(`[{,)']--${name}=?[,}']`, 'g'),
  fish: (name) => new RegExp(`${name.length === 1 ? ' -s' : ' -l'} ${name}(?= )`, 'g'),
};

for (const program of PROGRAMS) {
  for (const shell of SHELLS) {
    test(`every option of ${program.name} appears once in ${shell}`, () => {
      // In bash all options stand in the list of words at the end; before it is what follows them.
      const script = completions(program, shell);
      const lines = script.split('\n');
      const text =
        shell === 'bash' ? (lines.findLast((line) => line.includes("-W '")) ?? '') : script;
      for (const name of program.table.flatMap(namesOf)) {
        assert.equal(text.match(SPELLINGS[shell](name))?.length, 1, `${name} in ${text}`);
      }
    });

    test(
      `the completion of ${program.name} is ${shell} that can be read`,
      { skip: installed(shell) ? false : `needs ${shell}` },
      (t) => {
        const folder = makeFolder(t, { script: completions(program, shell) });
        const file = path.join(folder, 'script');
        const { stderr, status } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
        assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
      },
    );
  }
}

/** What bash offers for the last of these words, asked through the function itself. */
function offered(program: typeof PROGRAM, words: readonly string[], cwd: string): string[] {
  const script = `
    ${completions(program, 'bash')}
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _${program.name}
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', program.name, ...words], {
    cwd,
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  return stdout.split('\n').filter(Boolean).sort();
}

describe('bash offers', { skip: installed('bash') ? false : 'needs bash' }, () => {
  test('options that begin as what was typed', () => {
    assert.deepEqual(offered(TOP_PROGRAM, ['--co'], ROOT), [
      '--columns',
      '--compare-snapshots',
      '--completions',
      '--config',
      '--count',
    ]);
    assert.deepEqual(offered(PROGRAM, ['--reload-on'], ROOT), [
      ...['--reload-on-heap', '--reload-on-pss', '--reload-on-rss', '--reload-on-uss'],
    ]);
  });

  test('the words that an option takes, also behind =', () => {
    assert.deepEqual(offered(TOP_PROGRAM, ['--completions', ''], ROOT), ['bash', 'fish', 'zsh']);
    assert.deepEqual(offered(TOP_PROGRAM, ['--completions', '=', 'z'], ROOT), ['zsh']);
    assert.deepEqual(offered(PROGRAM, ['--log-level', 'w'], ROOT), ['warn']);
  });

  test('files where an option or the program takes one, and nothing where it takes a number', (t) => {
    const folder = makeFolder(t, { 'app.ini': '', 'app.js': '' });
    assert.deepEqual(offered(PROGRAM, ['app'], folder), ['app.ini', 'app.js']);
    assert.deepEqual(offered(PROGRAM, ['--module', 'app.j'], folder), ['app.js']);
    assert.deepEqual(offered(PROGRAM, ['--processes', ''], folder), []);
  });
});

test('both programs print them, whatever else is missing', () => {
  for (const shell of SHELLS) {
    const top = readTopCommand(['--completions', shell], ok);
    assert.deepEqual(top, { kind: 'print', text: completions(TOP_PROGRAM, shell) });
    const server = readInvocation([`--completions=${shell}`], path.join(ROOT, 'docs'));
    assert.deepEqual(server, { kind: 'print', text: completions(PROGRAM, shell) });
  }
});

test('a shell that is not known is an error that names the known ones', () => {
  const top = readTopCommand(['--completions', 'zshh', ':9191'], ok);
  assert.ok(top.kind === 'error');
  assert.match(top.message, /"zshh" is no shell, write one of bash, zsh, fish; did you mean zsh\?/);
  const server = readInvocation(['--completions', 'tcsh'], ROOT);
  assert.ok(server.kind === 'refuse');
  assert.match(server.problems.join('\n'), /"tcsh" is no shell, write one of bash, zsh, fish/);
});
