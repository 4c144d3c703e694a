import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRedirect, httpsAddresses, parseHttpsOption } from '../../../server/options/https.js';

function problem(text: string): string {
  const option = parseHttpsOption(text);
  assert.ok(!option.ok, text);
  return option.error;
}

test('an address with two or three files is read', () => {
  const option = parseHttpsOption(':443,a.pem,a.key,ca.pem');
  assert.ok(option.ok);
  assert.deepEqual(option.value, {
    ...{ address: ':443', cert: 'a.pem', key: 'a.key', clientCa: 'ca.pem' },
  });
});

test('what uWSGI would read otherwise is refused by name', () => {
  assert.match(problem(':443,a.pem,a.key,HIGH,ca.pem'), /uWSGI's list of ciphers/);
  assert.match(problem(':443,a.pem,a.key,!ca.pem'), /leave out the !/);
  assert.match(problem(':443,a.pem'), /write ADDR,CERT,KEY/);
  assert.match(problem(':443,a.pem,a.key,'), /write ADDR,CERT,KEY/);
});

test('the certificates of one address are put together in their order', () => {
  const addresses = httpsAddresses([':443,a,a.key', ':444,c,c.key', ':443,b,b.key']);
  assert.ok(addresses.ok);
  assert.deepEqual(
    addresses.value.map(({ address, pairs }) => [address, pairs.map(({ cert }) => cert)]),
    [
      [':443', ['a', 'b']],
      [':444', ['c']],
    ],
  );
});

test('one address has one authority for its clients', () => {
  const addresses = httpsAddresses([':443,a,a.key,ca', ':443,b,b.key']);
  assert.ok(!addresses.ok);
  assert.match(addresses.error, /one CLIENT-CA holds for all certificates/);
});

test('a redirection goes to a port, or to none that is named', () => {
  assert.equal(checkRedirect(''), null);
  assert.equal(checkRedirect('8443'), null);
  assert.match(checkRedirect('0') ?? '', /no port/);
  assert.match(checkRedirect('https') ?? '', /no port/);
});
