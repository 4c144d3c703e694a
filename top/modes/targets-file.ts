import { readFileSync } from 'node:fs';
import { err, messageOf, ok, type Result } from '../../shared/result.js';
import { parseTarget } from '../client/target.js';

/** More would be a mistake, such as a wrong file. */
const MOST = 200;

/**
 * Reads `--targets`: an address on a line, `#` begins a comment. The error names the line, the value
 * and the remedy.
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
    const address = line.replace(/(^|\s)#.*$/, '').trim();
    if (address === '') continue;
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
