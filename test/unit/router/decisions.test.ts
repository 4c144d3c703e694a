import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { leastBusy } from '../../../server/router/balance.js';
import { mayRetry } from '../../../server/router/retry.js';
import { createTrust } from '../../../server/http/trust.js';
import { WaitingLine } from '../../../server/router/waiting.js';

const at = (inFlight: number, accepting = true) => ({ inFlight, accepting });

test('the least busy of those that accept is chosen, among equals the next in turn', () => {
  assert.equal(leastBusy([at(2), at(1), at(3)], 0, -1), 1);
  assert.equal(leastBusy([at(1), at(0, false), at(1)], 0, 0), 2);
  assert.equal(leastBusy([at(0), at(0), at(0)], 0, 2), 0);
  assert.equal(leastBusy([], 0, -1), -1);
});

test('nobody is given more than the cap', () => {
  const candidate = fc.record({ inFlight: fc.nat(5), accepting: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(candidate),
      fc.nat(4),
      fc.integer({ min: -1, max: 9 }),
      (all, cap, last) => {
        const chosen = leastBusy(all, cap, last);
        const free = all.filter((each) => each.accepting && (cap === 0 || each.inFlight < cap));
        if (chosen < 0) assert.equal(free.length, 0);
        else assert.equal(all[chosen]?.inFlight, Math.min(...free.map(({ inFlight }) => inFlight)));
      },
    ),
  );
});

test('who failed a request is asked again only when there is nobody else', () => {
  assert.equal(leastBusy([at(0), at(5)], 0, -1, 0), 1);
  assert.equal(leastBusy([at(0), at(5, false)], 0, -1, 0), 0);
  assert.equal(leastBusy([at(1), at(1)], 1, -1, 0), -1);
});

test('asked again is once, before an answer, and what nobody saw or has no further effect', () => {
  const attempt = {
    ...{ method: 'GET', connected: true, bodyBegan: false, answerBegan: false, retries: 0 },
  };
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
    assert.ok(mayRetry({ ...attempt, method }));
    assert.ok(!mayRetry({ ...attempt, method, retries: 1 }));
    assert.ok(!mayRetry({ ...attempt, method, answerBegan: true }));
    assert.ok(!mayRetry({ ...attempt, method, bodyBegan: true }));
  }
  for (const method of ['POST', 'PATCH', 'PROPFIND', 'get']) {
    assert.ok(!mayRetry({ ...attempt, method }));
    assert.ok(mayRetry({ ...attempt, method, connected: false }));
  }
});

test('a line is first come, first served, has an end, and anybody may leave it', () => {
  const line = new WaitingLine<string>(2);
  assert.deepEqual([line.join('a'), line.join('b'), line.join('c')], [true, true, false]);
  assert.equal(line.first(), 'a');
  assert.equal(line.leave('a'), true);
  assert.equal(line.leave('a'), false);
  assert.deepEqual([line.first(), line.length, line.longest], ['b', 1, 2]);
});

test('trusted peers are addresses, CIDRs or unix; anything else is named in an error', () => {
  const isTrusted = createTrust(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', 'unix']);
  for (const address of ['10.1.2.3', '192.0.2.1', '2001:db8::7', '']) assert.ok(isTrusted(address));
  for (const address of ['11.0.0.1', '192.0.2.2', '2001:db9::1']) assert.ok(!isTrusted(address));
  assert.ok(!createTrust([])(''));
  for (const faulty of ['10.0.0.0/33', '10.0.0', 'localhost', '10.0.0.0/', '::/0/1', '']) {
    assert.throws(() => createTrust([faulty]), new RegExp(`'${faulty}' is no address to trust`));
  }
});
