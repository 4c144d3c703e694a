import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { textReport } from '../../../top/view/text-report.js';
import { anyInstance } from '../../support/arbitraries.js';
import { frontDocument } from '../../support/other-parts.js';
import { instance, NOW, worker } from '../../support/stats-builder.js';
import { EMPEROR, uwsgiInstance } from '../../support/uwsgi-documents.js';

const report = (document: Parameters<typeof textReport>[0], width = 120): string =>
  textReport(document, null, width);

test('an Emperor is reported with its vassals', () => {
  assert.equal(
    report({ kind: 'emperor', emperor: EMPEROR, damaged: false }),
    'Emperor, 2 vassals  uWSGI 2.0.30  pid 4392\n\n     PID  VASSAL\n    4393  v1.ini\n    4525  v2.ini\n',
  );
});

test('an instance without workers says so', () => {
  const text = report({ kind: 'instance', instance: { workers: [] }, damaged: false });
  assert.match(text, /this server has no workers\n$/);
});

test('a report from one document claims no rate', () => {
  const document = instance([worker(1)]);
  assert.match(report({ kind: 'instance', instance: document, damaged: false }), / {2}– req\/s/);
});

test('ages of a uWSGI need the clock of the reader', () => {
  const document = { kind: 'instance', instance: uwsgiInstance(), damaged: false } as const;
  assert.match(textReport(document, null, 160, { wallMs: NOW * 1000 }), / 3s\n|3s +\d/);
});

test('in ASCII a report is ASCII', () => {
  const document = { kind: 'instance', instance: uwsgiInstance(), damaged: true } as const;
  assert.match(textReport(document, null, 120, { ascii: true }), /^[\n\x20-\x7e]*$/);
});

test('nothing that a terminal obeys is printed, and table lines keep to the width', () => {
  fc.assert(
    fc.property(anyInstance, fc.integer({ min: 30, max: 300 }), (document, width) => {
      const lines = report({ kind: 'instance', instance: document, damaged: false }, width).split(
        '\n',
      );
      for (const line of lines) assert.doesNotMatch(line, /\p{C}|\p{M}/u);
      for (const line of lines.slice(4)) assert.ok(line.length <= width, line);
    }),
  );
});

test('where routers are alone they and their back ends are listed in place of workers', () => {
  const document = { kind: 'instance' as const, instance: frontDocument(), damaged: false };
  const text = report(document, 100);
  assert.match(text, /in flight 7 /);
  assert.match(text, /\nROUTERS\n {2}http 1 \(pid 31001\) +ready · queue 3 of 1,000/);
  assert.match(text, /\nBACK ENDS\n {2}uwsgi:\S+ +up · 8 in flight · 160,420 requests\n/);
  assert.match(text, /\nCERTIFICATES\n/);
  assert.doesNotMatch(text, /no workers/);
  const ascii = textReport(document, null, 100, { ascii: true });
  assert.match(ascii, /^[\n -~]*$/);
  assert.match(ascii, /ready - queue 3 of 1,000 - 7 in flight/);
});
