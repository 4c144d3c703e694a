import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { CertificateNews } from '../../../../server/master/decide/certificate-news.js';
import { openCertificates } from '../../../../server/master/tls/certificates.js';
import { certificateProblem, makeAuthority } from '../../../support/certificates.js';
import { makeFolder } from '../../../support/folder.js';

const skip = certificateProblem() ?? false;

/** Certificates of one address, and what is told of them. */
function watched(t: TestContext) {
  const folder = makeFolder(t, {});
  const [cert, key] = ['cert.pem', 'key.pem'].map((file) => path.join(folder, file)) as [
    string,
    string,
  ];
  const authority = makeAuthority(t, 'ca');
  const show = (name: string): void => {
    const made = authority.sign(name);
    copyFileSync(made.key, key);
    copyFileSync(made.cert, cert);
  };
  show('first');
  const opened = openCertificates(
    [{ address: ':443', pairs: [{ cert, key }], clientCa: null }],
    () => undefined,
  );
  assert.ok(opened.ok);
  const news: CertificateNews[] = [];
  const changes: string[] = [];
  opened.value.watch({
    onChange: () => changes.push(opened.value.of(':443')?.pairs[0]?.cert ?? ''),
    onNews: (one) => news.push(one),
  });
  t.after(() => {
    opened.value.stop();
  });
  return { certificates: opened.value, cert, show, news, changes };
}

test('a renewal is told with the day until which it is good', { skip }, (t) => {
  const { certificates, show, news, changes } = watched(t);
  certificates.renew();
  assert.deepEqual(news, [], 'nothing has changed');
  show('second');
  certificates.renew();
  assert.equal(changes.length, 1);
  const [{ what, address, text } = { what: '', address: '', text: '' }] = news;
  assert.deepEqual([what, address], ['renewed', ':443']);
  const end = (certificates.shown()[0]?.not_after ?? 0) * 1000;
  const day = new Date(end).toISOString().slice(0, 10);
  assert.equal(text, `--https :443: certificate renewed, valid until ${day}`);
});

test(
  'what was wrong with a new certificate is told once, and its end after that',
  { skip },
  (t) => {
    const { certificates, cert, show, news, changes } = watched(t);
    writeFileSync(cert, 'half a certif');
    certificates.renew();
    certificates.renew();
    assert.deepEqual(
      news.map(({ what }) => what),
      ['refused'],
    );
    assert.match(
      news[0]?.text ?? '',
      /^--https :443: .*cert\.pem is no certificate: .* from before$/,
    );
    assert.deepEqual(changes, []);
    show('third');
    certificates.renew();
    assert.equal(news.at(-1)?.what, 'renewed');
  },
);

test('that a certificate is about to end is told by the clock, once a day', { skip }, (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.now() });
  const { certificates, news } = watched(t);
  certificates.renew();
  assert.deepEqual(news, [], 'it was made for two days just now');
  for (let hour = 0; hour < 50; hour++) t.mock.timers.tick(3600 * 1000);
  assert.deepEqual(
    news.map(({ what, text }) => [what, /expired|less than a day/.exec(text)?.[0]]),
    [
      ['ends', 'less than a day'],
      ['ends', 'expired'],
    ],
  );
});
