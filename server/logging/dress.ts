import type { Severity } from '../log.js';
import { jsonLine } from '../request-log/escape.js';
import type { LineOrigin } from './block.js';
import { recordsOf } from './line-cutter.js';
import { createDateWriter } from './strftime.js';
import type { Problem } from '../../shared/problem.js';
import { SYNTAX_PROBLEMS } from '../options/problems/values.js';

/** How lines look, those of requests excepted, which say themselves when and who. */
export interface Dress {
  readonly json: boolean;
  /** `--log-prefix`; null for none. */
  readonly prefix: string | null;
  /** `--log-date`, a format of strftime; null for none. */
  readonly date: string | null;
}

/** Puts on lines what is to stand before or around them; `at` is milliseconds since 1970. */
export type Dresser = (
  block: Buffer,
  origin: LineOrigin,
  said: { readonly severity: Severity; readonly at: number },
) => Buffer;

const VARIABLES: Readonly<Record<string, (origin: LineOrigin, severity: Severity) => string>> = {
  process: (origin) => nameOf(origin),
  id: ({ id }) => (id === null ? '-' : String(id)),
  pid: ({ pid }) => String(pid),
  stream: ({ stream }) => stream ?? '-',
  level: (_, severity) => severity,
};

/** `worker 1`, `http 2`, `master`. */
export function nameOf({ process, id }: LineOrigin): string {
  return id === null ? process : `${process} ${id}`;
}

/** Why a `--log-prefix` cannot be used; null when it can. */
export function checkPrefix(text: string): Problem | null {
  if (/\p{Cc}/u.test(text)) return SYNTAX_PROBLEMS.logControl(text);
  for (const [written, name = ''] of text.matchAll(/%\((\w*)\)?/g)) {
    if (written.endsWith(')') && Object.hasOwn(VARIABLES, name)) continue;
    const known = Object.keys(VARIABLES).map((each) => `%(${each})`);
    return SYNTAX_PROBLEMS.prefixUnknown(written, known.join(', '));
  }
  return null;
}

/** Null where lines stay as they are. */
export function createDresser({ json, prefix, date }: Dress): Dresser | null {
  if (json) return inJson;
  if (prefix === null && date === null) return null;
  const dateOf = date === null ? null : createDateWriter(date);
  return (block, origin, { severity, at }) => {
    const time = dateOf === null ? '' : `${dateOf(at)} - `;
    const before = time + (prefix === null ? '' : expand(prefix, origin, severity));
    const lines = block.toString('utf8').slice(0, -1).split('\n');
    return Buffer.from(lines.map((line) => `${before}${line}\n`).join(''));
  };
}

function expand(prefix: string, origin: LineOrigin, severity: Severity): string {
  return prefix.replace(
    /%\((\w+)\)/g,
    (_, name: string) => VARIABLES[name]?.(origin, severity) ?? '',
  );
}

/** A line, with those that belong to it, is an object; its names are documented in docs/log.md. */
const inJson: Dresser = (block, { process, id, pid, stream }, { severity, at }) => {
  const time = new Date(at).toISOString();
  const objects = recordsOf(block).map((message) =>
    jsonLine({ time, level: severity, process, id, pid, ...(stream && { stream }), message }),
  );
  return Buffer.from(`${objects.join('\n')}\n`);
};
