import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dated, EndWatch } from '../../../../server/master/tls/ending.js';

const DAY = 86_400;
const END = Date.UTC(2027, 0, 31) / 1000;

function made(days: number, file = 'cert.pem'): Dated {
  return { file, notBefore: END - days * DAY, notAfter: END };
}

test('from 21 days before its end a certificate is told of once a day, then that it has expired', () => {
  const watch = new EndWatch();
  const said: string[] = [];
  for (let hour = -30 * 24; hour < 48; hour++) {
    said.push(...watch.look(':443', [made(90)], END + hour * 3600 + 1));
  }
  assert.equal(said.length, 21 + 2);
  assert.equal(
    said[0],
    '--https :443: the certificate cert.pem ends on 2027-01-31, in 20 days: nobody has renewed it yet',
  );
  assert.match(said[19] ?? '', /in 1 day: /);
  assert.match(said[20] ?? '', /in less than a day: /);
  assert.match(said[21] ?? '', /cert\.pem expired on 2027-01-31: clients will refuse it until/);
});

test('one that was made for a few days is told of in the last quarter of them', () => {
  const watch = new EndWatch();
  assert.deepEqual(watch.look('a', [made(6)], END - 2 * DAY), []);
  assert.equal(watch.look('a', [made(6)], END - DAY).length, 1);
});

test('each file of each address is told of, and a renewed one anew', () => {
  const watch = new EndWatch();
  const both = [made(90, 'a.pem'), made(90, 'b.pem')];
  assert.equal(watch.look('a', both, END - DAY).length, 2);
  assert.equal(watch.look('b', both, END - DAY).length, 2);
  assert.deepEqual(watch.look('a', both, END - DAY), []);
  const renewed = both.map((one) => ({ ...one, notAfter: END + 1 }));
  assert.equal(watch.look('a', renewed, END - DAY).length, 2);
});
