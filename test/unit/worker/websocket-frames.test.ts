import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { asksForWebSocket, createFrameFollower } from '../../../server/worker/websocket-frames.js';

const SWITCHED = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');

/** A frame as a server sends it (RFC 6455 §5.2); the opcode with or without its FIN bit. */
function frame(first: number, length: number): Buffer {
  const short = length < 126 ? length : length < 65_536 ? 126 : 127;
  const header = Buffer.alloc(2 + (short === 126 ? 2 : short === 127 ? 8 : 0));
  header[0] = first;
  header[1] = short;
  if (short === 126) header.writeUInt16BE(length, 2);
  if (short === 127) header.writeBigUInt64BE(BigInt(length), 2);
  // Bytes that look like a close frame wherever a header is taken for where it is not.
  return Buffer.concat([header, Buffer.alloc(length, 0x88)]);
}

function followed(...chunks: readonly Uint8Array[]): boolean {
  const follower = createFrameFollower();
  for (const chunk of chunks) follower.push(chunk);
  return follower.mayClose();
}

const frames = fc.array(
  fc
    .tuple(
      // Text, binary, continuation, ping and pong, whole or in pieces.
      fc.constantFrom(0x81, 0x82, 0x01, 0x80, 0x00, 0x89, 0x8a, 0xc1),
      fc.oneof(fc.nat(300), fc.constantFrom(0, 125, 126, 127, 65_535, 65_536, 70_000)),
    )
    .map(([first, length]) => frame(first, length)),
  { maxLength: 6 },
);

describe('the frames that a server writes to a WebSocket', () => {
  test('may be followed by a close frame exactly between two of them, however they are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.nat(), { maxLength: 12 }), (sent, places) => {
        const stream = Buffer.concat([SWITCHED, ...sent]);
        const ends = new Set<number>();
        let end = SWITCHED.length;
        ends.add(end);
        for (const { length } of sent) ends.add((end += length));
        const cuts = [...new Set(places.map((place) => place % (stream.length + 1)))];
        const follower = createFrameFollower();
        let from = 0;
        for (const cut of [...cuts.sort((a, b) => a - b), stream.length]) {
          follower.push(stream.subarray(from, cut));
          from = cut;
          assert.equal(follower.mayClose(), ends.has(cut), `at ${cut} of ${stream.length}`);
        }
      }),
    );
  });

  test('are followed byte by byte as well', () => {
    const stream = Buffer.concat([SWITCHED, frame(0x81, 300), frame(0x89, 0)]);
    const follower = createFrameFollower();
    const places = Array.from(stream, (byte, at) => {
      follower.push(Uint8Array.of(byte));
      return follower.mayClose() ? at + 1 : 0;
    }).filter((at) => at > 0);
    assert.deepEqual(places, [SWITCHED.length, SWITCHED.length + 304, stream.length]);
  });

  test('end with the close frame of the application', () => {
    assert.equal(followed(SWITCHED, frame(0x81, 5), frame(0x88, 2)), false);
    assert.equal(followed(SWITCHED, frame(0x88, 0)), false);
  });

  test('are none before the handshake is answered, nor when it is refused', () => {
    assert.equal(followed(), false);
    assert.equal(followed(SWITCHED.subarray(0, -1)), false);
    const refused = 'HTTP/1.1 401 Unauthorized\r\n\r\n';
    assert.equal(followed(Buffer.from(refused)), false);
    assert.equal(followed(Buffer.from(refused), SWITCHED), false);
    assert.equal(followed(Buffer.alloc(70_000, 'x'), SWITCHED), false, 'no head is that long');
  });

  test('never throw, whatever is written', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        assert.equal(typeof followed(SWITCHED, ...chunks), 'boolean');
      }),
    );
  });
});

test('a WebSocket is asked for by its name in the Upgrade header, among others, in any case', () => {
  for (const header of ['websocket', 'WebSocket', 'h2c, websocket', 'websocket/13']) {
    assert.equal(asksForWebSocket(header), true, header);
  }
  for (const header of [undefined, '', 'h2c', 'websockets', 'xwebsocket']) {
    assert.equal(asksForWebSocket(header), false, header);
  }
});
