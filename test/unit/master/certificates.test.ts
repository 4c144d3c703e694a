import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CertificateNews } from '../../../server/master/decide/certificate-news.js';
import { MasterDriver, only } from '../../support/master-driver.js';

const NEWS = { address: ':443', text: '--https :443: certificate renewed' } as const;

function told(what: CertificateNews['what']) {
  const master = new MasterDriver(1);
  master.boot();
  const effects = master.post({ type: 'certificate', news: { what, ...NEWS } });
  return { effects: only(effects, 'log'), all: effects, events: master.state.events };
}

test('what happens to a certificate is kept, told in the log, and changes nothing else', () => {
  const { effects, all, events } = told('renewed');
  assert.deepEqual(effects, [{ type: 'log', line: `*** ${NEWS.text} ***`, severity: 'info' }]);
  assert.equal(all.length, 1);
  const [{ kind, subject, text } = { kind: '', subject: '', text: '' }] = events;
  assert.deepEqual([kind, subject, text], ['certificate-renewed', ':443', NEWS.text]);
});

test('one that could not be used is an error, one that is about to end a warning', () => {
  for (const [what, severity] of [
    ['refused', 'error'],
    ['ends', 'warn'],
  ] as const) {
    const { effects, events } = told(what);
    assert.deepEqual(effects, [{ type: 'log', line: NEWS.text, severity }]);
    assert.equal(events[0]?.kind, `certificate-${what}`);
  }
});

test('the last fifty are kept, oldest first', () => {
  const master = new MasterDriver(1);
  master.boot();
  for (let n = 1; n <= 60; n++) {
    master.post({ type: 'certificate', news: { what: 'ends', address: ':443', text: String(n) } });
  }
  const texts = master.state.events.map(({ text }) => text);
  assert.deepEqual([texts.length, texts[0], texts.at(-1)], [50, '11', '60']);
});
