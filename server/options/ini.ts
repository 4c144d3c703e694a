import { err, ok, type Result } from '../../shared/result.js';
import type { Setting } from '../../shared/options.js';

const SECTIONS = ['uwsgi', 'tsuwsgi'];

/**
 * Reads `key = value` lines of the `[uwsgi]` and `[tsuwsgi]` sections, in order: repeated keys stay
 * repeated, a bare key is a flag, `;` and `#` begin a comment line. `file` is only for messages.
 * What uWSGI would expand (`%(name)`, `$(ENV)`, `@(file)`) is refused rather than taken literally.
 */
export function readIni(text: string, file: string): Result<Setting[], string[]> {
  const settings: Setting[] = [];
  const problems: string[] = [];
  let section: string | null = null;
  const found = new Set<string>();
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.replace(/^\uFEFF/, '').trim();
    const at = `${file}:${index + 1}`;
    if (line === '' || line.startsWith(';') || line.startsWith('#')) return;
    const header = /^\[([^\]]*)\]$/.exec(line);
    if (header) {
      section = header[1] ?? '';
      found.add(section);
      return;
    }
    if (section === null) problems.push(`${at}: "${line}" stands before any [section]`);
    if (section === null || !SECTIONS.includes(section)) return;
    const setting = readLine(line, at);
    if (setting.ok) settings.push(setting.value);
    else problems.push(setting.error);
  });
  if (!SECTIONS.some((name) => found.has(name)))
    problems.push(`${file}: there is no section [tsuwsgi] or [uwsgi]`);
  return problems.length === 0 ? ok(settings) : err(problems);
}

function readLine(line: string, at: string): Result<Setting, string> {
  const equals = line.indexOf('=');
  const name = (equals < 0 ? line : line.slice(0, equals)).trim();
  const value = equals < 0 ? '' : line.slice(equals + 1).trim();
  if (!/^[\w-]+$/.test(name)) return err(`${at}: "${name}" is not the name of an option`);
  const expansion = /%\(|\$\(|@\(/.exec(value);
  if (expansion) return err(`${at}: ${expansion[0]}…) is not expanded yet: write the value out`);
  if (equals >= 0 && value === '') return err(`${at}: ${name} has no value`);
  return ok({ name, value, origin: `${at}: ${name}` });
}
