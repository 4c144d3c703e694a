import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFormat } from '../../../server/metrics/negotiate.js';

const OPEN = 'application/openmetrics-text';

for (const accept of [
  undefined,
  '',
  '*/*',
  'text/plain',
  'text/html,application/xhtml+xml,*/*;q=0.8',
  'application/json',
  'application/*',
  `${OPEN};q=0`,
  `${OPEN};q=0.5,text/plain;version=0.0.4`,
  `${OPEN};q=0.4,text/*;q=0.5`,
  `${OPEN};version=2.0.0,*/*;q=0.1`,
  `${OPEN};q=1.5`,
  `${OPEN};q=lots`,
]) {
  test(`the older text is for Accept: ${accept ?? '(none)'}`, () => {
    assert.equal(chooseFormat(accept), 'text');
  });
}

for (const accept of [
  OPEN,
  'APPLICATION/OpenMetrics-Text; Version="1.0.0"',
  `${OPEN}; version=0.0.1`,
  `${OPEN},*/*`,
  `text/plain;q=0.5, ${OPEN};q=0.6`,
  `text/plain;q=0, ${OPEN};q=0.001, */*`,
  // As Prometheus 2.42 and 3 ask.
  `${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
  `${OPEN};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPEN};version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2`,
]) {
  test(`OpenMetrics is for Accept: ${accept}`, () => {
    assert.equal(chooseFormat(accept), 'openmetrics');
  });
}
