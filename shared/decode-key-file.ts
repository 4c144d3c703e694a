import { isFields } from './fields.js';
import { isBootId } from './decode-message.js';
import type { KeyFile } from './protocol.js';
import { err, ok, type Result } from './result.js';

/** Bytes: a key file with a hundred addresses is smaller. */
export const MAX_KEY_FILE = 4096;

/** The key to read with, as the file of `--stats-secret` holds it; null when the text is none. */
export function decodeReadKey(text: string): string | null {
  return /^\s*([0-9a-fA-F]{64})\s*$/.exec(text)?.[1] ?? null;
}

/** Reads what a key file holds; the error is the end of a sentence and never quotes the key. */
export function decodeKeyFile(text: string): Result<KeyFile, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return err('is not JSON');
  }
  if (!isFields(value)) return err('holds no JSON object');
  const { boot_id, key, addresses } = value;
  if (!isBootId(boot_id)) return err('has no boot id');
  if (typeof key !== 'string' || !/^[0-9a-fA-F]{64}$/.test(key)) {
    return err('has no key of 32 bytes in hex');
  }
  if (!Array.isArray(addresses)) return err('has no list of addresses');
  const texts = addresses.filter((each) => typeof each === 'string');
  if (texts.length !== addresses.length) return err('has an address that is no string');
  return ok({ boot_id, key, addresses: texts });
}
