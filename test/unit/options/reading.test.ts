import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { FILE_PROBLEMS } from '../../../server/options/problems/files.js';
import { openReading, withRemedy } from '../../../server/options/reading.js';
import { makeFolder } from '../../support/folder.js';

const INI = '[uwsgi]\nmodule = app.js\nprocesses = 2\n';

describe('what is read again at a reload', () => {
  test('is the same command line over what the files say then', (t) => {
    const cwd = makeFolder(t, { 'a.ini': INI, 'more.ini': '[uwsgi]\nlisten = 9\n' });
    const reading = openReading(['a.ini', '--harakiri=5'], cwd, {});
    assert.deepEqual(reading.files, [path.join(cwd, 'a.ini')]);
    const file = '[uwsgi]\nmodule = app.js\nprocesses = 3\nharakiri = 9\nini = more.ini\n';
    writeFileSync(path.join(cwd, 'a.ini'), file);
    const again = reading.again();
    if (!again.ok) assert.fail(again.error.join());
    const { options, files } = again.value;
    assert.deepEqual([options.processes, options.harakiri, options.listen], [3, 5, 9]);
    assert.deepEqual(files, [path.join(cwd, 'a.ini'), path.join(cwd, 'more.ini')]);
  });

  test('takes environment, times and users from the start', (t) => {
    const text = `${INI}name = $(NAME)-%t-%u\n`;
    const cwd = makeFolder(t, { 'a.ini': text });
    const environment: NodeJS.ProcessEnv = { NAME: 'shop', TSUWSGI_LISTEN: '8' };
    const reading = openReading(['a.ini'], cwd, environment);
    environment['NAME'] = 'other';
    delete environment['TSUWSGI_LISTEN'];
    const [first, again] = [reading.invocation, reading.again()];
    if (first.kind !== 'serve' || !again.ok) assert.fail('it cannot be read');
    assert.match(first.options.name ?? '', /^shop-\d+-\d+$/);
    assert.deepEqual(again.value.options, first.options);
  });

  test('tells what is wrong with it, and outlives a file that is gone', (t) => {
    const cwd = makeFolder(t, { 'a.ini': INI });
    const reading = openReading(['a.ini'], cwd, {});
    const problemsOf = (text: string): string => {
      writeFileSync(path.join(cwd, 'a.ini'), text);
      const again = reading.again();
      return again.ok ? '' : again.error.join('\n');
    };
    assert.match(problemsOf(`${INI}proceses = 4\nlisten = x\n`), /a\.ini:4: .*\n.*a\.ini:5: /);
    assert.match(problemsOf(`${INI}check-config = true\n`), /something else than to serve/);
    rmSync(path.join(cwd, 'a.ini'));
    const again = reading.again();
    assert.match(again.ok ? '' : again.error.join(), /a\.ini/);
  });

  test('names the user that may not read a file any more', () => {
    const closed = FILE_PROBLEMS.unreadable('a.ini', 'EACCES: permission denied');
    assert.match(withRemedy(closed, 33), /may be read; it is read as user 33 now: make the file/);
    const other = FILE_PROBLEMS.yamlTwice();
    assert.equal(withRemedy(other, 33), other);
  });

  test('says only notes that are new', (t) => {
    const cwd = makeFolder(t, { 'a.ini': `${INI}lazy-apps = true\n` });
    const reading = openReading(['a.ini'], cwd, {});
    const same = reading.again();
    assert.deepEqual(same.ok && same.value.notes, []);
    writeFileSync(path.join(cwd, 'a.ini'), `${INI}lazy-apps = true\nenable-threads = true\n`);
    const [more, once] = [reading.again(), reading.again()];
    assert.match(more.ok ? more.value.notes.join() : '', /enable-threads/);
    assert.deepEqual(once.ok && once.value.notes, []);
  });
});
