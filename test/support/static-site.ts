import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import {
  createStatic,
  type StaticAnswer,
  type StaticFiles,
  type StaticSettings,
} from '../../server/static/static.js';

export const NO_STATIC: StaticSettings = {
  ...{ maps: [], checked: [], indexes: [], expires: [], compressed: [], skipped: [] },
  ...{ safe: [], mimeFiles: [] },
};

/** A folder with files in folders, removed at the end of the test. */
export function makeSite(test: TestContext, files: Readonly<Record<string, string>>): string {
  const site = realpathSync(mkdtempSync(path.join(tmpdir(), 'tsuwsgi-site-')));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(site, name)), { recursive: true });
    writeFileSync(path.join(site, name), text);
  }
  test.after(() => {
    rmSync(site, { recursive: true, force: true });
  });
  return site;
}

/** Files of `folder` under /static. */
export function mounted(folder: string, settings: Partial<StaticSettings> = {}): StaticFiles {
  const maps = [{ mount: '/static', folder, keepsMount: false }];
  const files = createStatic({ ...NO_STATIC, maps, ...settings });
  if (files === null) throw new Error('nothing is served');
  return files;
}

/** An answer with its body read to the end; null: it was left to the application. */
export interface ReadAnswer extends Omit<StaticAnswer, 'body'> {
  readonly text: string;
}

export async function ask(
  files: StaticFiles,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<ReadAnswer | null> {
  const answer = await files.find({ method, url, headers });
  if (answer === null) return null;
  const { status, headers: told, body } = answer;
  return { status, headers: told, text: await textOf(body) };
}

/** The status of an answer; 0: it was left to the application. */
export async function statusFor(files: StaticFiles, url: string): Promise<number> {
  return (await ask(files, url))?.status ?? 0;
}

async function textOf(body: Buffer | Readable | null): Promise<string> {
  if (body === null) return '';
  if (Buffer.isBuffer(body)) return body.toString();
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
