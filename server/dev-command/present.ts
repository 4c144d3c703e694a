import { visible } from '../request-log/escape.js';
import { codeFrame, placesOf, type ReadOwn } from './code-frame.js';

/** How the lines of an instance are shown to who writes its application. */
export interface Presentation {
  readonly hasColours: boolean;
  /** Whether the addresses that are bound are told: nobody else tells them. */
  readonly tellsAddresses: boolean;
  /** Gives the files of the application; see `codeFrame`. */
  readonly read: ReadOwn;
  /** Whether a file is of this package, whose frames say nothing of the application. */
  readonly isOurs: (file: string) => boolean;
}

type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim';
type Paint = (colour: Colour, text: string) => string;

const CODES: Readonly<Record<Colour, number>> = {
  red: 31,
  green: 32,
  yellow: 33,
  cyan: 36,
  dim: 2,
};

/** A request that took longer, in milliseconds, is one to look at. */
const SLOW_MS = 1000;

/** What the master says at the level `info` that matters here, and in which words. */
const NEWS: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/^\*\*\* (.+) has been modified \*\*\*$/, ([, file = '']) => `${file} changed`],
];

/** Makes lines for people out of a line of `--log-json`, or of one that is none. */
export function createPresenter(how: Presentation): (line: string) => string[] {
  const paint: Paint = (colour, text) =>
    how.hasColours ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
  return (line) => {
    const entry = objectOf(line);
    if (entry === null) return [safe(line)];
    if (typeof entry['uri'] === 'string') return [requestLine(entry, entry['uri'], paint)];
    const message = typeof entry['message'] === 'string' ? entry['message'] : line;
    return entry['process'] === 'master'
      ? masterLines(entry['level'], message, how, paint)
      : applicationLines(message, how, paint);
  };
}

type Entry = Readonly<Record<string, unknown>>;

function objectOf(line: string): Entry | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Entry) : null;
  } catch {
    return null;
  }
}

/** Tabs stay what they look like; what would drive the terminal is made visible. */
function safe(line: string): string {
  return visible(line.replaceAll('\t', '    '));
}

function requestLine(entry: Entry, uri: string, paint: Paint): string {
  const { method, status, micros, client_left: isCut } = entry;
  const ms = typeof micros === 'number' ? micros / 1000 : 0;
  const took = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`.padStart(9);
  const name = safe(typeof method === 'string' ? method : '-').padEnd(6);
  const code = typeof status === 'number' ? status : 0;
  const end = isCut === true ? paint('dim', ' (the client left)') : '';
  return `${name} ${paint(colourOf(code), String(code))} ${paint(ms > SLOW_MS ? 'yellow' : 'dim', took)} ${safe(uri)}${end}`;
}

function colourOf(status: number): Colour {
  if (status >= 500) return 'red';
  if (status >= 400) return 'yellow';
  return status >= 300 ? 'cyan' : 'green';
}

function masterLines(
  level: unknown,
  message: string,
  { tellsAddresses }: Presentation,
  paint: Paint,
): string[] {
  const lines = message.split('\n').map(safe);
  if (level === 'error') return lines.map((line) => paint('red', line));
  if (level === 'warn') return lines.map((line) => paint('yellow', line));
  if (tellsAddresses && /\bbound (?:on|to)\b/.test(message)) return lines;
  for (const [pattern, words] of NEWS) {
    const found = pattern.exec(message);
    if (found !== null) return [paint('dim', safe(words(found)))];
  }
  return [];
}

function applicationLines(message: string, how: Presentation, paint: Paint): string[] {
  const [first = '', ...rest] = message.split('\n');
  if (placesOf(message).length === 0) return [first, ...rest].map(safe);
  const frame = codeFrame(message, how.read);
  const stack = rest.filter((line) => !isNoise(line, how));
  return [
    paint('red', safe(first)),
    ...frame.map((line) => (line.startsWith('>') ? paint('red', line) : line)),
    ...stack.map((line) => (/^\s+at /.test(line) ? paint('dim', safe(line)) : safe(line))),
  ];
}

/** Frames of Node and of this package. */
function isNoise(line: string, { isOurs }: Presentation): boolean {
  if (!/^\s+at /.test(line)) return false;
  if (line.includes('node:')) return true;
  const [place] = placesOf(line);
  return place !== undefined && isOurs(place.file);
}
