import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

// The compiled test lies one folder deeper, under dist/.
const FOLDER = path.join(import.meta.dirname, '../../../test/fixtures/uwsgi');

/** The names of the JSON answers of real uWSGI servers. */
export function captureNames(): string[] {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
}

/** One answer, byte for byte. */
export function readCapture(name: string): Buffer {
  return readFileSync(path.join(FOLDER, name));
}
