import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';

const CHROMIUM = '/usr/bin/chromium';

/** Why no page can be opened here; null where one can. */
export function browserProblem(): string | null {
  return existsSync(CHROMIUM) ? null : `${CHROMIUM} is not installed`;
}

/**
 * Opens a page in a headless Chromium with a new profile, which ends with the test. Names in
 * `names` lead to 127.0.0.1, and nothing is asked of any other machine; `flags` are Chromium's own.
 */
export function openPage(
  t: TestContext,
  url: string,
  names: readonly string[],
  flags: readonly string[] = [],
): void {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsuwsgi-browser-'));
  const rules = [...names.map((name) => `MAP ${name} 127.0.0.1`), 'MAP * ~NOTFOUND'];
  const exclude = ['EXCLUDE 127.0.0.1', 'EXCLUDE localhost'];
  const browser = spawn(
    CHROMIUM,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...['--disable-dev-shm-usage', '--no-proxy-server', `--user-data-dir=${folder}/profile`],
      `--host-resolver-rules=${[...rules, ...exclude].join(', ')}`,
      ...flags,
      url,
    ],
    { stdio: 'ignore', env: { ...process.env, HOME: folder } },
  );
  const closed = once(browser, 'close');
  t.after(async () => {
    browser.kill('SIGTERM');
    const forced = setTimeout(() => browser.kill('SIGKILL'), 20_000);
    await closed;
    clearTimeout(forced);
    // Its helpers end after it, and write into the profile until then.
    await eventually('the profile to be removed', () => {
      rmSync(folder, { recursive: true, force: true });
      return true;
    });
  });
}
