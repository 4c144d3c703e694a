import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';

/** A temporary folder with files, removed at the end of the test. */
export function makeFolder(test: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-folder-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  // What is started later is ended later, and may write there meanwhile.
  test.after(() =>
    eventually(`${folder} to be removed`, () => {
      rmSync(folder, { recursive: true, force: true });
      return true;
    }),
  );
  return folder;
}
