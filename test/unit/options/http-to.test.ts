import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBackend, foreignBackends, readBackend } from '../../../server/options/http-to.js';
import { connectOptions } from '../../../server/router/foreign.js';

function nameOf(text: string): string {
  const read = readBackend(text);
  return read.ok ? read.value.name : read.error;
}

test('a back end without a scheme is a uwsgi socket, as in uWSGI', () => {
  assert.equal(nameOf('10.0.0.7:3031'), 'uwsgi://10.0.0.7:3031');
  assert.equal(nameOf(':3031'), 'uwsgi://127.0.0.1:3031');
  assert.equal(nameOf('/run/app.sock'), 'uwsgi:///run/app.sock');
  assert.equal(nameOf('[::1]:3031'), 'uwsgi://[::1]:3031');
});

test('with a scheme it is what the scheme says, and three slashes begin a path', () => {
  assert.equal(nameOf('uwsgi://app:3031'), 'uwsgi://app:3031');
  assert.equal(nameOf('uwsgi:///run/app.sock'), 'uwsgi:///run/app.sock');
  assert.equal(nameOf('http://app:8080'), 'http://app:8080');
  assert.equal(nameOf('HTTP://app:8080/'), 'http://app:8080');
  assert.equal(nameOf('http://app'), 'http://app:80');
  assert.equal(nameOf('http://[::1]'), 'http://[::1]:80');
  assert.equal(nameOf('http:///run/app.sock'), 'http:///run/app.sock');
});

test('what is no back end is refused with the value and the remedy', () => {
  assert.match(checkBackend('https://app:443') ?? '', /"https:\/\/app:443": TLS to back ends/);
  assert.match(checkBackend('ftp://app:21') ?? '', /no back end speaks ftp here, write uwsgi:/);
  assert.match(checkBackend('127.0.0.1:0') ?? '', /no back end is at port 0/);
  assert.match(checkBackend('app:99999') ?? '', /"99999" is not a port .*write uwsgi:/);
  assert.match(checkBackend('http://') ?? '', /the address is empty.*http:\/\/host:port/);
  assert.match(checkBackend('http://app:80/path') ?? '', /a back end has no path of its own/);
  assert.match(checkBackend('@app') ?? '', /abstract sockets are not asked/);
  assert.equal(checkBackend('uwsgi://app:3031'), null);
});

test('a back end that is named twice counts once', () => {
  const named = foreignBackends(['app:3031', 'uwsgi://app:3031', 'http://app:80']);
  assert.deepEqual(
    named.map(({ name }) => name),
    ['uwsgi://app:3031', 'http://app:80'],
  );
});

test('a host is left for each connection to resolve', () => {
  const [tcp, unix] = foreignBackends(['http://app:80', 'uwsgi:///run/app.sock']);
  assert.ok(tcp !== undefined && unix !== undefined);
  assert.deepEqual(connectOptions(tcp), { host: 'app', port: 80, noDelay: true });
  assert.deepEqual(connectOptions(unix), { path: '/run/app.sock' });
});
