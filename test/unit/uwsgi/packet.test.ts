import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createPacketReader, type Packet } from '../../../server/uwsgi/packet.js';
import type { Fault } from '../../../server/uwsgi/fault.js';
import type { Result } from '../../../shared/result.js';
import { packetOf } from '../../support/uwsgi-packet.js';

const LIMITS = { bufferSize: 4096, maxVars: 64 };

/** What a reader makes of bytes that come in these pieces. */
function read(pieces: readonly Buffer[], limits = LIMITS): Result<Packet, Fault> | null {
  const reader = createPacketReader(limits);
  for (const piece of pieces) {
    const packet = reader.push(piece);
    if (packet !== null) return packet;
  }
  return null;
}

function faultOf(bytes: Buffer, limits = LIMITS): Fault {
  const packet = read([bytes], limits);
  assert.ok(packet?.ok === false, 'it is refused');
  return packet.error;
}

const text = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 40,
});
const variable = fc.tuple(
  text.filter((name) => name !== ''),
  text,
);
const variables = fc.array(variable, { maxLength: 40 });

test('what is written is read, however the bytes are split, and the body stays what it is', () => {
  const cuts = fc.array(fc.nat(3000), { maxLength: 6 });
  fc.assert(
    fc.property(variables, text, cuts, (written, body, places) => {
      const packet = packetOf(written);
      const bytes = Buffer.concat([packet, Buffer.from(body, 'latin1')]);
      const sorted = [...places, bytes.length].sort((a, b) => a - b);
      const pieces = sorted.map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
      const reader = createPacketReader(LIMITS);
      let found: Packet | undefined;
      let behind = '';
      for (const piece of pieces) {
        if (found !== undefined) {
          behind += piece.toString('latin1');
          continue;
        }
        const result = reader.push(piece);
        if (result === null) continue;
        assert.ok(result.ok && result.value.kind === 'request');
        found = result.value;
        behind = result.value.rest.toString('latin1');
      }
      assert.deepEqual(found?.kind === 'request' && found.variables, written);
      assert.equal(behind, body);
    }),
  );
});

test('a packet that comes byte by byte is read at its last byte', () => {
  const bytes = packetOf([
    ['A', 'b'],
    ['C', ''],
  ]);
  const pieces = Array.from(bytes, (byte) => Buffer.of(byte));
  assert.equal(read(pieces.slice(0, -1)), null);
  assert.equal(read(pieces)?.ok, true);
});

test('any bytes are a packet, no packet, or not complete, and never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const packet = read([Buffer.from(bytes)]);
      assert.ok(packet === null || typeof packet.ok === 'boolean');
    }),
    { numRuns: 2000 },
  );
});

test('random content behind a true header never throws, and names stay within the packet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (content) => {
      const header = Buffer.from([0, content.length, 0, 0]);
      const packet = read([Buffer.concat([header, content])]);
      assert.ok(packet !== null);
      if (!packet.ok) return;
      assert.ok(packet.value.kind === 'request');
      const bytes = packet.value.variables.reduce(
        (sum, [k, v]) => sum + k.length + v.length + 4,
        0,
      );
      assert.equal(bytes, content.length);
    }),
    { numRuns: 2000 },
  );
});

test('whoever speaks HTTP is told so, before a whole "packet" has come', () => {
  for (const line of ['GET / HTTP/1.1\r\n', 'POST', 'HEAD /', 'PUT /x', 'OPTI']) {
    assert.match(faultOf(Buffer.from(line)).reason, /speaks the uwsgi protocol, not HTTP/);
  }
  assert.match(faultOf(Buffer.from('GET ')).remedy ?? '', /somebody spoke HTTP to a uwsgi socket/);
});

test('a packet above --buffer-size is refused with its size, before it has come', () => {
  const header = Buffer.from([0, 0x88, 0x13, 0]);
  const { status, reason, remedy } = faultOf(header);
  assert.equal(status, 431);
  assert.match(reason, /take 5000 bytes, 4096 are allowed/);
  assert.match(remedy ?? '', /--buffer-size/);
  assert.equal(read([header], { ...LIMITS, bufferSize: 5000 }), null);
});

test('more variables than --max-vars are refused, as many are not', () => {
  const many = Array.from({ length: 5 }, (_, i) => [`A${i}`, ''] as const);
  assert.equal(faultOf(packetOf(many), { ...LIMITS, maxVars: 4 }).status, 431);
  assert.equal(read([packetOf(many)], { ...LIMITS, maxVars: 5 })?.ok, true);
});

test('lengths that lie are refused: beyond the packet, cut off, and a name of no length', () => {
  const beyond = Buffer.from([0, 4, 0, 0, 9, 0, 65, 66]);
  const noValue = Buffer.from([0, 3, 0, 0, 1, 0, 65]);
  const halfLength = Buffer.from([0, 1, 0, 0, 1]);
  const longValue = Buffer.from([0, 6, 0, 0, 1, 0, 65, 9, 0, 66]);
  for (const bytes of [beyond, noValue, halfLength, longValue]) {
    assert.match(faultOf(bytes).reason, /reaches beyond its end/);
  }
  assert.match(faultOf(Buffer.from([0, 4, 0, 0, 0, 0, 0, 0])).reason, /has no name/);
});

test('requests of every language are requests, 100 is a ping, and other modifiers are named', () => {
  for (const modifier of [0, 5, 7, 30]) assert.equal(read([packetOf([], modifier)])?.ok, true);
  const ping = read([packetOf([], 100)]);
  assert.deepEqual(ping, { ok: true, value: { kind: 'ping' } });
  for (const modifier of [42, 110, 173, 255]) {
    assert.equal(
      faultOf(packetOf([], modifier)).reason,
      `unavailable modifier requested: ${modifier}`,
    );
  }
});
