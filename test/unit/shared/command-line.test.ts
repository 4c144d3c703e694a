import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readCommandLine, type CommandLine, type Program } from '../../../shared/command-line.js';

const PROGRAM: Program = {
  name: 'tsuwsgi',
  version: '1.2.3',
  description: 'Runs an application.',
  usage: '[options] [file.ini]',
  epilogue: 'An epilogue.',
  table: [
    { name: 'master', aliases: ['M'], type: 'flag', topic: 'Processes', help: 'a master' },
    {
      name: 'processes',
      aliases: ['p', 'workers'],
      type: 'integer',
      value: 'N',
      unit: 'workers',
      default: 1,
      topic: 'Processes',
      help: 'how many',
    },
    { name: 'allow', type: 'list', value: 'NAME', topic: 'Stats', help: 'a name' },
  ],
};

function settings(...argv: string[]): string[] {
  const line = readCommandLine(PROGRAM, argv);
  assert.ok(line.kind === 'run');
  return line.settings.map((each) => `${each.name}=${each.value}`);
}

function textOf(line: CommandLine): string {
  assert.ok(line.kind === 'print');
  return line.text;
}

describe('a command line', () => {
  test('keeps the order of settings, under every name and in every spelling', () => {
    assert.deepEqual(
      settings('-p2', '--workers', '3', '--processes=4', '-M', '--allow', 'a', '--allow=b'),
      ['processes=2', 'processes=3', 'processes=4', 'master=', 'allow=a', 'allow=b'],
    );
  });

  test('remembers under which name a setting was written', () => {
    const line = readCommandLine(PROGRAM, ['--workers', '3']);
    assert.ok(line.kind === 'run');
    assert.equal(line.settings[0]?.origin, '--workers');
  });

  test('gives operands, and what follows -- is one', () => {
    const line = readCommandLine(PROGRAM, ['app.ini', '-M', '--', '--odd']);
    assert.ok(line.kind === 'run');
    assert.deepEqual(line.operands, ['app.ini', '--odd']);
  });

  test('prints version and help without ending the process', () => {
    assert.equal(textOf(readCommandLine(PROGRAM, ['--version'])).trim(), 'tsuwsgi 1.2.3');
    assert.equal(textOf(readCommandLine(PROGRAM, ['-V'])).trim(), 'tsuwsgi 1.2.3');
    const help = textOf(readCommandLine(PROGRAM, ['--help']));
    assert.match(help, /^Usage: tsuwsgi \[options\] \[file\.ini\]/);
    assert.match(help, /Processes:\n {2}-M, --master +a master\n/);
    assert.match(help, /-p, --processes <N> +how many \(also --workers; default 1 workers\)/);
    assert.match(help, /--allow <NAME> +a name \(repeatable\)/);
    assert.match(help, /An epilogue\./);
    assert.equal(help.includes('--workers <N>'), false);
  });

  test('names a mistake and suggests what was meant', () => {
    const unknown = readCommandLine(PROGRAM, ['--proceses', '2']);
    assert.ok(unknown.kind === 'error');
    assert.match(unknown.message, /unknown option '--proceses'.*--processes/s);
    const missing = readCommandLine(PROGRAM, ['-p']);
    assert.ok(missing.kind === 'error');
    assert.match(missing.message, /argument missing/);
    const extra = readCommandLine(PROGRAM, ['--master=yes']);
    assert.equal(extra.kind, 'error');
  });
});
