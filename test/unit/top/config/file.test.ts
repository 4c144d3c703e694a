import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { configOf } from '../../../../top/config/apply.js';
import { configFile, loadConfig, saveConfig } from '../../../../top/config/file.js';
import { makeFolder } from '../../../support/folder.js';

test('settings are in XDG_CONFIG_HOME, else in the home, and a relative folder is none', () => {
  assert.equal(configFile({ XDG_CONFIG_HOME: '/x', HOME: '/h' }), '/x/tsuwsgitop/config.yaml');
  assert.equal(configFile({ HOME: '/h' }), '/h/.config/tsuwsgitop/config.yaml');
  assert.equal(
    configFile({ XDG_CONFIG_HOME: 'x', HOME: '/h' }),
    '/h/.config/tsuwsgitop/config.yaml',
  );
  assert.equal(configFile({}), null);
});

test('what is saved is for this user only, whole, and without leftovers', (t) => {
  const file = path.join(makeFolder(t, {}), 'a', 'tsuwsgitop', 'config.yaml');
  assert.ok(saveConfig(file, 'theme: light\n').ok);
  assert.ok(saveConfig(file, 'theme: mono\n').ok);
  assert.equal(readFileSync(file, 'utf8'), 'theme: mono\n');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(path.dirname(file)), ['config.yaml']);
});

test('nothing is written through a symbolic link, be it the file or its folder', (t) => {
  const folder = makeFolder(t, {});
  const victim = path.join(folder, 'victim');
  writeFileSync(victim, 'precious');
  const inner = path.join(folder, 'tsuwsgitop');
  mkdirSync(inner);
  const file = path.join(inner, 'config.yaml');
  symlinkSync(victim, file);
  const saved = saveConfig(file, 'theme: mono\n');
  assert.ok(!saved.ok);
  assert.match(saved.error, /config\.yaml is a symbolic link: nothing was written/);
  assert.equal(readFileSync(victim, 'utf8'), 'precious');
  const linked = path.join(folder, 'linked');
  symlinkSync(inner, linked);
  assert.ok(!saveConfig(path.join(linked, 'other.yaml'), '').ok);
  assert.deepEqual(readdirSync(inner), ['config.yaml']);
});

test('a folder that cannot be made is told in a sentence', (t) => {
  const folder = makeFolder(t, {});
  writeFileSync(path.join(folder, 'file'), '');
  const saved = saveConfig(path.join(folder, 'file', 'config.yaml'), '');
  assert.ok(!saved.ok);
  assert.match(saved.error, /^the settings cannot be written: /);
});

test('no file is no settings, what is too large or no file is refused', (t) => {
  const folder = makeFolder(t, {});
  const file = path.join(folder, 'config.yaml');
  assert.deepEqual(loadConfig(file), { ok: true, value: null });
  writeFileSync(file, 'x'.repeat(20_000));
  const large = loadConfig(file);
  assert.ok(!large.ok && large.error.includes('larger than 16384 bytes'));
  const none = loadConfig(folder);
  assert.ok(!none.ok && none.error.includes('not a regular file'));
});

test('a file that is named must be there, the usual one need not, and --no-config reads none', (t) => {
  const folder = makeFolder(t, {});
  const env = { XDG_CONFIG_HOME: folder };
  const usual = path.join(folder, 'tsuwsgitop', 'config.yaml');
  const of = (config?: string, none = false) => configOf({ config, 'no-config': none }, env);
  assert.deepEqual(of(), { ok: true, value: { settings: [], warnings: [], file: usual } });
  const missing = of(path.join(folder, 'mine'));
  assert.ok(!missing.ok && /^--config .*mine: there is no such file/.test(missing.error));
  mkdirSync(path.dirname(usual));
  writeFileSync(usual, 'theme: light\nnope: 1\n');
  chmodSync(usual, 0o600);
  const read = of();
  assert.ok(read.ok);
  assert.equal(read.value.settings.length, 1);
  assert.equal(read.value.warnings.length, 1);
  assert.deepEqual(of(undefined, true), {
    ok: true,
    value: { settings: [], warnings: [], file: usual },
  });
});
