import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeAnswer, decodeDocument } from '../../../shared/decode-stats.js';
import type { DecodedInstance } from '../../../shared/stats.js';
import { captureNames, readCapture } from '../../support/uwsgi-captures.js';

/** How many workers the captures have; those not listed have two. */
const WORKERS: readonly (readonly [number, RegExp])[] = [
  [1, /^(12|21|24|25|27|31|34|51|52|58|59|60|75|84|94)-/],
  [4, /^43-/],
  [5, /^A8-/],
  [6, /^26-/],
];

const ROUTERS = [
  ['80-http-router-stats.json', 'http'],
  ['98-http-router-subscriptions.json', 'http'],
  ['99-fastrouter-static-nodes.json', 'fastrouter'],
] as const;
const NOT_INSTANCES: readonly string[] = [
  ...ROUTERS.map(([file]) => file),
  '81-emperor-stats.json',
];

function instanceOf(name: string): { instance: DecodedInstance; damaged: boolean } {
  const decoded = decodeDocument(readCapture(name));
  assert.ok(decoded.ok, name);
  assert.equal(decoded.value.kind, 'instance', name);
  return decoded.value;
}

describe('every answer of a real uWSGI', () => {
  test('is here', () => {
    assert.equal(captureNames().length, 62);
  });

  for (const name of captureNames().filter((each) => !NOT_INSTANCES.includes(each))) {
    test(`${name} decodes with all its workers`, () => {
      const { instance, damaged } = instanceOf(name);
      const [expected] = WORKERS.find(([, pattern]) => pattern.test(name)) ?? [2];
      assert.equal(instance.workers.length, expected);
      assert.match(instance.version ?? '', /^2\.0\.(30|21-debian)$/);
      assert.equal(damaged, name.startsWith('94-'));
      for (const worker of instance.workers) {
        assert.match(worker.status, /^(idle|busy|cheap|pause|sig\d+)$/);
        assert.equal(typeof worker.requests, 'number');
        assert.equal(typeof worker.avg_rt, 'number');
      }
    });

    test(`${name} loses nothing that a reader may rely on`, () => {
      const { instance } = instanceOf(name);
      const plain = JSON.parse(sanitised(name)) as DecodedInstance;
      const { sockets, locks, listen_queue, workers } = plain;
      assert.deepEqual(instance.sockets, sockets);
      assert.deepEqual(instance.locks, locks);
      assert.equal(instance.listen_queue, listen_queue);
      assert.deepEqual(
        JSON.parse(JSON.stringify(instance.workers)) as unknown,
        JSON.parse(JSON.stringify(workers)) as unknown,
      );
    });
  }
});

/** The capture as valid JSON: the damage of 94 stands in two header values only. */
function sanitised(name: string): string {
  const text = readCapture(name).toString('utf8');
  return text.replaceAll('\u0001', '\\u0001').replaceAll('\u001b', '\\u001b');
}

describe('what stands out among them', () => {
  test('a damaged document is shown, its bytes replaced and its control characters kept', () => {
    const { instance } = instanceOf('94-stats-json-escaping.json');
    const vars = instance.workers[0]?.cores?.[0]?.vars ?? [];
    assert.ok(vars.includes('HTTP_X_TAB=a\tb\u0001c\u001bd'));
    assert.ok(vars.some((each) => each.startsWith('HTTP_COOKIE=a=\ufffd')));
  });

  test('the text of a damaged document is valid JSON', () => {
    const answer = decodeAnswer(readCapture('94-stats-json-escaping.json'));
    assert.ok(answer.ok);
    assert.doesNotThrow(() => JSON.parse(answer.value.text) as unknown);
  });

  test('an Emperor has vassals and no workers', () => {
    const decoded = decodeDocument(readCapture('81-emperor-stats.json'));
    assert.ok(decoded.ok && decoded.value.kind === 'emperor');
    const { emperor } = decoded.value;
    assert.deepEqual(
      emperor.vassals.map(({ id, pid }) => [id, pid]),
      [
        ['v1.ini', 4393],
        ['v2.ini', 4525],
      ],
    );
    // Nothing that it says is lost.
    assert.deepEqual(emperor, JSON.parse(readCapture('81-emperor-stats.json').toString()));
    assert.equal(decoded.value.damaged, false);
  });

  test('a router has sessions and addresses, and nothing that it says is lost', () => {
    for (const [file, name] of ROUTERS) {
      const decoded = decodeDocument(readCapture(file));
      assert.ok(decoded.ok && decoded.value.kind === 'router' && !decoded.value.damaged);
      const { name: told, addresses, ...rest } = decoded.value.router;
      const text = readCapture(file)
        .toString()
        .replace(/,\s*\]/, ']');
      assert.equal(told, name);
      assert.deepEqual({ ...rest, [name]: addresses }, JSON.parse(text));
    }
  });

  test('the comma that a router writes too much is no damage, and the text is valid JSON', () => {
    const answer = decodeAnswer(readCapture('98-http-router-subscriptions.json'));
    assert.ok(answer.ok && !answer.value.document.damaged);
    assert.doesNotThrow(() => JSON.parse(answer.value.text) as unknown);
  });

  test('a whole HTTP answer is named when bare JSON was expected', () => {
    const decoded = decodeDocument(readCapture('22-stats-http-raw.txt'));
    assert.ok(!decoded.ok);
    assert.match(decoded.error.message, /an HTTP answer 200 OK/);
  });

  test('a worker that is never spawned keeps id 0, a handler shows its signal', () => {
    const cheap = instanceOf('26-cheaper-spare-idle.json').instance.workers;
    assert.ok(cheap.filter((worker) => worker.id === 0).length > 1);
    const inSignal = instanceOf('33-signals-mules-crons-daemons-in-signal.json').instance.workers;
    assert.ok(inSignal.some((worker) => worker.status === 'sig17'));
  });

  test('without cores the field is absent, not empty', () => {
    const { instance } = instanceOf('23-stats-minified-no-cores.json');
    assert.ok(instance.workers.every((worker) => !Object.hasOwn(worker, 'cores')));
  });

  test('cut anywhere, an answer is an error and never an exception', () => {
    const whole = readCapture('03-basic-slow-in-flight.json');
    for (let length = 0; length < whole.length; length++) {
      const decoded = decodeDocument(whole.subarray(0, length));
      assert.equal(decoded.ok, false, `the first ${length} bytes`);
    }
  });
});
