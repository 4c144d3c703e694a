import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPlainAnswer } from '../../../server/uwsgi/plain-answer.js';

/** What is sent of an answer that Node writes in these pieces. */
function sent(pieces: readonly string[], protocol = 'HTTP/1.1'): string {
  const answer = createPlainAnswer(protocol);
  const bytes = pieces.flatMap((piece) => answer.take(Buffer.from(piece, 'latin1')));
  return Buffer.concat(bytes).toString('latin1');
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n';

test('the status line has the version of the client, and an answer with a length stays as it is', () => {
  const answer = 'HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno';
  assert.equal(sent([answer]), answer);
  assert.equal(sent([answer], 'HTTP/2.0'), `HTTP/2.0${answer.slice(8)}`);
});

test('chunks are undone however they are split, and trailers are left out', () => {
  const chunk = fc.string({ minLength: 1, maxLength: 300, unit: 'binary-ascii' });
  fc.assert(
    fc.property(fc.array(chunk), fc.array(fc.nat(2000)), (chunks, places) => {
      const framed = chunks.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('');
      const written = `${CHUNKED}${framed}0\r\nDigest: x\r\n\r\n`;
      const cuts = [...places, written.length].sort((a, b) => a - b);
      const pieces = cuts.map((end, index) => written.slice(cuts[index - 1] ?? 0, end));
      assert.equal(sent(pieces), `HTTP/1.1 200 OK\r\nX: y\r\n\r\n${chunks.join('')}`);
    }),
  );
});

test('what comes before the answer is left out, a switch of protocols is one', () => {
  const hints = 'HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n';
  const answer = 'HTTP/1.1 204 No Content\r\n\r\n';
  assert.equal(sent([hints + hints, answer]), answer);
  const plain = createPlainAnswer('HTTP/1.1');
  plain.take(Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'));
  assert.equal(plain.isSwitched, true);
});
