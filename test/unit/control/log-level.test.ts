import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { streamLog } from '../../../server/log.js';
import { LOG_LEVELS } from '../../../shared/commands.js';
import { readInvocation } from '../../../server/options/read.js';

/** All that was written: later versions of Node read one piece at a time. */
function read(stream: PassThrough): string {
  const pieces: string[] = [];
  const next = (): string | null => stream.setEncoding('utf8').read() as string | null;
  for (let piece = next(); piece !== null; piece = next()) pieces.push(piece);
  return pieces.join('');
}

for (const [level, written] of [
  ['error', 'error audit'],
  ['warn', 'error warn audit'],
  ['info', 'error warn info audit'],
  ['debug', 'error warn info debug audit'],
] as const) {
  test(`at the level ${level} this is written: ${written}`, () => {
    const stream = new PassThrough();
    const log = streamLog(stream);
    log.level = level;
    for (const severity of [...LOG_LEVELS, 'audit'] as const) log(severity, severity);
    assert.equal(read(stream).trim().split('\n').join(' '), written);
  });
}

test('a line without a level is info, and so is the level at first', () => {
  const stream = new PassThrough();
  const log = streamLog(stream);
  log('a');
  log('b', 'debug');
  assert.equal(read(stream), 'a\n');
});

test('--log-level takes a level and nothing else', () => {
  const refused = readInvocation(
    ['--module', 'x.js', '--http-socket', ':0', '--log-level', 'loud'],
    '/',
  );
  assert.match(
    refused.kind === 'refuse' ? refused.problems.join() : refused.kind,
    /"loud" is no level/,
  );
});
