import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { blockingFiles } from '../../../../server/queue/folder/blocking-files.js';
import { codeOf } from '../../../../server/queue/folder/files.js';
import { nodeFiles } from '../../../../server/queue/folder/node-files.js';
import { makeFolder } from '../../../support/folder.js';

/** The code with which something is refused. */
async function refusal(ask: Promise<unknown>): Promise<string> {
  return ask.then(
    () => 'not refused',
    (error: unknown) => codeOf(error),
  );
}

function rooms(t: TestContext): { folder: string; at: (name: string) => string } {
  const folder = makeFolder(t, {});
  const at = (name: string): string => path.join(folder, name);
  writeFileSync(at('cat'), 'Mochi and Suki');
  mkdirSync(at('basket'));
  symlinkSync(at('cat'), at('link'));
  return { folder, at };
}

for (const [name, files] of Object.entries({ nodeFiles, blockingFiles })) {
  describe(`the files of a queue, by ${name}`, () => {
    test('are read from where it is asked, as far as they go', async (t) => {
      const { at } = rooms(t);
      const file = await files.open(at('cat'));
      const bytes = Buffer.alloc(20);
      assert.equal(await file.read(bytes, 10), 4);
      assert.equal(bytes.toString('utf8', 0, 4), 'Suki');
      const { isFile, size, links } = await file.facts();
      assert.deepEqual({ isFile, size, links }, { isFile: true, size: 14, links: 1 });
      await file.close();
      assert.equal(await refusal(file.read(bytes, 0)), 'EBADF');
    });

    test('are no links, and nothing that is missing', async (t) => {
      const { at } = rooms(t);
      assert.equal(await refusal(files.open(at('link'))), 'ELOOP');
      assert.equal((await files.facts(at('link'))).isFile, false);
      assert.equal(await refusal(files.open(at('dog'))), 'ENOENT');
      assert.equal(await refusal(files.facts(at('dog'))), 'ENOENT');
      assert.equal(await refusal(files.unlink(at('dog'))), 'ENOENT');
      assert.equal(await refusal(files.rename(at('dog'), at('wolf'))), 'ENOENT');
    });

    test('are renamed and removed when that is acknowledged', async (t) => {
      const { folder, at } = rooms(t);
      await files.rename(at('cat'), at('basket/cat'));
      assert.deepEqual((await files.list(folder)).sort(), ['basket', 'link']);
      await files.unlink(at('basket/cat'));
      assert.deepEqual(await files.list(at('basket')), []);
    });
  });
}
