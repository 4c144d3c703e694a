import { readFileSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { parseTarget } from '../client/target.js';

/** More would be a mistake, such as a wrong file. */
const MOST = 200;

/** What a list in YAML has around its values: where it begins, and what it may stand under. */
const AROUND = /^(?:---|targets:)$/;
const ITEM = /^-\s+(?:"([^"]*)"|'([^']*)'|(.*))$/;

/**
 * Reads `--targets`: an address on a line, or a list of them in YAML, by itself or under `targets:`;
 * `#` begins a comment. The error names the line, the value and the remedy.
 */
export function readTargets(file: string): Result<readonly string[], string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return err(`--targets ${file} cannot be read: ${messageOf(error)}`);
  }
  const addresses: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const address = addressOn(line);
    if (address === null) continue;
    const parsed = parseTarget(address);
    if (!parsed.ok) return err(`--targets ${file}, line ${index + 1}: ${parsed.error}`);
    addresses.push(address);
  }
  if (addresses.length === 0) return err(`--targets ${file} names no server: write one on a line`);
  if (addresses.length > MOST) {
    return err(`--targets ${file} names ${addresses.length} servers, ${MOST} are watched at most`);
  }
  return ok(addresses);
}

/** Null where a line has none. */
function addressOn(line: string): string | null {
  const text = line.replace(/(^|\s)#.*$/, '').trim();
  if (text === '' || AROUND.test(text)) return null;
  const [, double, single, plain] = ITEM.exec(text) ?? [];
  return double ?? single ?? plain ?? text;
}
