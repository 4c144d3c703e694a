import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isWanted } from '../../../server/request-log/conditions.js';
import type { Logged } from '../../../server/request-log/logged.js';
import type { LogConditions } from '../../../server/request-log/settings.js';
import { HEAD, toLog } from '../../support/logged.js';

const NONE: LogConditions = {
  ...{ slowMs: null, bigBytes: null, clientErrors: false },
  ...{ serverErrors: false, empty: false, cutOff: false },
};

for (const [what, only, wanted, unwanted] of [
  ['--log-slow', { slowMs: 100 }, { micros: 100_000 }, { micros: 99_999 }],
  ['--log-big', { bigBytes: 4 }, {}, { tx: HEAD.length + 4 }],
  ['--log-zero', { empty: true }, { tx: HEAD.length }, {}],
  ['--log-4xx', { clientErrors: true }, { status: 404 }, { status: 500 }],
  ['--log-5xx', { serverErrors: true }, { status: 503 }, { status: 404 }],
  ['--log-ioerror', { cutOff: true }, { isCut: true }, {}],
] as const satisfies [string, Partial<LogConditions>, Partial<Logged>, Partial<Logged>][]) {
  test(`${what} takes what it names, and nothing else`, () => {
    assert.equal(isWanted(toLog(wanted), { ...NONE, ...only }), true);
    assert.equal(isWanted(toLog(unwanted), { ...NONE, ...only }), false);
  });
}

describe('a client that leaves', () => {
  test('is no error, but one of --log-ioerror', () => {
    const left = toLog({ status: 499, isCut: true });
    assert.equal(isWanted(left, { ...NONE, clientErrors: true, serverErrors: true }), false);
    assert.equal(isWanted(left, { ...NONE, cutOff: true }), true);
  });
});
