import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeDocument } from '../../../shared/decode-stats.js';
import { certificateBlock } from '../../../top/model/certificate-block.js';
import { frontBlocks } from '../../../top/model/front-blocks.js';
import { NOW } from '../../support/stats-builder.js';
import { readCapture } from '../../support/uwsgi-captures.js';
import type { Model } from '../../../top/model/model.js';
import { view } from '../../../top/view/view.js';
import { client, keys, play, start, tick, typed } from '../../support/dashboard.js';
import { frameText } from '../../support/frame-text.js';
import {
  captured,
  emperorOthers,
  frontDocument,
  frontOthers,
  othersModel,
  othersOf,
  ourOthers,
} from '../../support/other-parts.js';
import { uwsgiInstance } from '../../support/uwsgi-documents.js';

const screen = (model: Model, ...names: string[]): string =>
  frameText(view(play(model, keys(...names)).model));
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test('every part of a real uWSGI that is not a worker is shown', () => {
  const text = screen(othersModel(200, 60));
  assert.match(text, /127\.0\.0\.1:8000 +░+ queue 0 of 100 · http/);
  assert.match(text, /c1 +█░+ 5 of 100 items · 5 hits, 5 misses \(50 % hit\) · 0 times full/);
  assert.match(text, /\/srv\/app\/spool +runs a task · pid 2070 · 0 tasks done/);
  assert.match(text, /\* \* \* \* \* +waits · sleep 2/);
  assert.match(text, /\*\/5 3 \* \* \* +runs, pid 7700 · unique · \/usr\/bin\/vacuum --all/);
  assert.match(text, /pid 7628 +sleep 1000/);
  assert.match(text, /mylegion +follows · valor 100/);
  assert.match(text, /user 1 +held by pid 7339/);
  assert.match(text, /10 free +user 0, signal, filemon/);
});

test('metrics of a uWSGI are listed and can be filtered', () => {
  const instance = captured('32-metrics.json');
  const model = othersOf({ kind: 'instance', instance, damaged: false }, 120, 40);
  const text = screen(model, '/', ...typed('worker.1 requests'), 'enter');
  assert.match(text, /worker\.1\.requests +3\n/);
  assert.doesNotMatch(text, /SOCKETS/);
  assert.match(screen(model, '/', ...typed('zebra'), 'enter'), /no line matches "zebra"/);
});

test('an Emperor shows what it knows of its vassals, the cursed one and the blacklist', () => {
  const text = screen(emperorOthers(200, 60));
  assert.match(text, /v1\.ini +pid 4393 · ready · accepting · runs for /);
  assert.match(text, /v2\.ini +pid 4525 · not ready · .*cursed .* ago/);
  assert.match(text, /v2\.ini +waits 2,001 ms · attempt 2, first/);
});

test('tsuwsgi shows its sockets and its master', () => {
  const text = screen(ourOthers(120, 40));
  assert.match(text, /127\.0\.0\.1:8000 +░+ queue 0 of 100 · http/);
  assert.match(text, /version +tsuwsgi 0\.1\.0/);
});

test('a socket whose queue nobody measures claims none, and a full one stands out', () => {
  const [socket] = uwsgiInstance().sockets ?? [];
  assert.ok(socket);
  const sockets = [
    { ...socket, queue: 0, max_queue: 0 },
    { ...socket, queue: 90, can_offload: 1 },
  ];
  const instance = uwsgiInstance({ sockets });
  const text = screen(othersOf({ kind: 'instance', instance, damaged: false }, 120, 40));
  assert.match(text, /queue – · uwsgi\n/);
  assert.match(text, /█{11}░ queue 90 of 100 · uwsgi, offloads/);
});

test('the arrows move over the lines and stop at both ends', () => {
  const top = screen(othersModel(80, 24));
  const end = screen(othersModel(80, 24), 'end');
  assert.notEqual(end, top);
  assert.equal(screen(othersModel(80, 24), 'end', 'down', 'pagedown'), end);
  assert.equal(screen(othersModel(80, 24), 'end', 'home', 'up'), top);
  assert.match(screen(start(80, 24), '6'), /waiting for localhost:9191/);
});

test('hostile parts are decoded to what can be read of them, and bounded', () => {
  const decoded = decodeDocument(
    bytes({
      workers: [],
      caches: [{ name: 'c\u001b[2J', items: -1, hits: 'many' }, 'no object', null],
      crons: [{ minute: -1, command: 7 }],
      spoolers: 'none',
      daemons: Array.from({ length: 5000 }, () => ({ cmd: 'x', pid: 1 })),
      metrics: { a: { value: -3 }, b: 1 },
      legions: [{ legion: 'l', nodes: [1, 'n'], members: [{ name: 'm' }, 2] }],
    }),
  );
  assert.ok(decoded.ok && decoded.value.kind === 'instance' && decoded.value.damaged);
  const { instance } = decoded.value;
  assert.deepEqual(instance.caches, [{ name: 'c\u001b[2J' }]);
  assert.deepEqual(instance.crons, [{ minute: -1 }]);
  assert.equal(instance.spoolers, undefined);
  assert.equal(instance.daemons?.length, 1024);
  assert.deepEqual(instance.metrics, { a: { value: -3 } });
  assert.deepEqual(instance.legions, [{ legion: 'l', nodes: ['n'], members: [{ name: 'm' }] }]);
  const text = screen(othersOf(decoded.value, 120, 40));
  assert.match(text, /c\?\[2J +– of – items/);
});

test('the captures of parts lose nothing that this view shows', () => {
  for (const name of ['31-cache2', '21-spooler-mid', '33-signals-mules-crons-daemons-after']) {
    const plain = JSON.parse(readCapture(`${name}.json`).toString()) as Record<string, unknown>;
    const { caches, spoolers, crons, daemons } = captured(`${name}.json`);
    assert.deepEqual(
      [caches, spoolers, crons, daemons],
      ['caches', 'spoolers', 'crons', 'daemons'].map((key) => plain[key]),
    );
  }
});

test('how long the master is up is told as of the shown document, as in the header', () => {
  const lost = client({ type: 'disconnected', at: 2500, message: 'gone', retryInMs: 1000 });
  const text = screen(play(ourOthers(120, 40), [lost, tick(10 * 3_600_000)]).model);
  const [, inHeader = ''] = / up (\S+) +gen/.exec(text) ?? [];
  assert.match(text, new RegExp(`^ up +${inHeader}$`, 'm'));
});

test('routers are shown with what they refused and answered, their back ends and certificates', () => {
  const text = screen(frontOthers(200, 60));
  assert.match(text, /http 1 \(pid 31001\) +░+ ready · queue 3 of 1,000 · 7 in flight · 42 conn/);
  assert.match(text, /123,456 requests · 20,003 from files · 17 retries · 8 left early/);
  assert.match(text, /17 answered by itself: 503 12 · 502 4 · 507 1/);
  assert.match(text, /96 refused: malformed 91 · duplicate_host 3 · body_too_large 2/);
  assert.match(text, /catserve\.sock +█+░+ up · 8 in flight · 160,420 requests\n/);
  assert.match(text, /cats-2\.\S+ +█+░+ down for 1 of 2 · 4 in flight · .* · 212 errors/);
  assert.match(text, /valid until \d{4}-\d\d-\d\d, 60d00h left · cats\.example · \*\.cats/);
  assert.match(text, /\[::1\]:8443 +expired on \d{4}-\d\d-\d\d · \/etc\/tls\/old\.pem/);
});

test('a certificate near its end wants a look, and one beyond it a person', () => {
  const { certificates } = frontDocument();
  const tones = certificateBlock(certificates, NOW, 200).flatMap(({ rows }) =>
    rows.map(({ tone }) => tone),
  );
  assert.deepEqual(tones, ['normal', 'attention', 'alarm']);
  const [row] = certificateBlock([{ ...certificates[0]!, not_after: 1e18 }], null, 200)[0]!.rows;
  assert.match(row?.text ?? '', /^valid until – · /);
});

test('no line of routers and back ends is cut off at 80 columns, whatever they are called', () => {
  const { routers, certificates } = frontDocument();
  const instance = { ...frontDocument(), routers, certificates };
  const text = screen(othersOf({ kind: 'instance', instance, damaged: false }, 80, 60));
  assert.doesNotMatch(text.slice(text.indexOf('ROUTERS'), text.indexOf('BACK ENDS')), /…/);
  assert.match(text, /body_too_large 2/);
  const hostile = { ...certificates[0]!, address: '\u001b[2J', names: ['\u001b]0;evil\u0007'] };
  const blocks = frontBlocks(
    {
      ...instance,
      certificates: [hostile],
      routers: [{ ...routers[0]!, refused: { '\u001b[1m': 2 } }],
    },
    NOW,
    80,
  );
  assert.doesNotMatch(JSON.stringify(blocks), /\\u001b/);
});
