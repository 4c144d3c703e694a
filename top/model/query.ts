import { didYouMean } from '../../shared/likely.js';

/** What a filter can ask of an item beside its words. A value that is not known passes no filter. */
export type Field<T> =
  | {
      readonly name: string;
      readonly kind: 'text';
      /** Passes when one of them does. */
      readonly values: (item: T) => readonly string[];
    }
  | {
      readonly name: string;
      readonly kind: 'number';
      readonly value: (item: T) => number | null;
      /** What one of each unit is in the field's own; `''` is a number without one. */
      readonly units: Readonly<Record<string, number>>;
    };

/** What a filter looks at in the items of a list. */
export interface Searched<T> {
  readonly fields: readonly Field<T>[];
  /** What its words are looked for in. */
  readonly text: (item: T) => string;
}

/** A filter that was read. */
export interface Query<T> {
  readonly words: readonly string[];
  readonly tests: readonly ((item: T) => boolean)[];
  /** What is wrong with it, in a sentence; null when nothing is. */
  readonly problem: string | null;
}

/** A condition: `status=busy`, `rss>200M`, `uri~report`. */
const CONDITION = /^([a-z][a-z0-9]*)(<=|>=|!=|=|~|<|>)(.*)$/i;
const NUMBER = /^(\d+(?:\.\d+)?)([a-z]*)$/i;

type Read<T> = ((item: T) => boolean) | { readonly problem: string };

/**
 * Reads a filter: words and conditions with spaces between them, all of which must hold. A condition
 * that is wrong is looked for as a word, and one that is not finished asks for nothing yet.
 */
export function readQuery<T>(text: string, { fields }: Searched<T>): Query<T> {
  const words: string[] = [];
  const tests: ((item: T) => boolean)[] = [];
  let problem: string | null = null;
  for (const token of text.split(' ').filter(Boolean)) {
    const [, name, sign, wanted] = CONDITION.exec(token) ?? [];
    if (name === undefined || sign === undefined || wanted === undefined) {
      words.push(token.toLowerCase());
      continue;
    }
    if (wanted === '') continue;
    const read = readCondition(fields, name.toLowerCase(), sign, wanted);
    if (typeof read === 'function') {
      tests.push(read);
    } else {
      problem ??= read.problem;
      words.push(token.toLowerCase());
    }
  }
  return { words, tests, problem };
}

function readCondition<T>(
  fields: readonly Field<T>[],
  name: string,
  sign: string,
  wanted: string,
): Read<T> {
  const field = fields.find((each) => each.name === name);
  if (field === undefined) {
    const names = fields.map((each) => each.name);
    const likely = didYouMean(names, name) || ':';
    return { problem: `no field "${name}"${likely} there are ${names.join(' ')}` };
  }
  if (field.kind === 'number') return numberTest(field, sign, wanted);
  const value = wanted.toLowerCase();
  const has = (text: string): boolean =>
    sign === '~' ? text.toLowerCase().includes(value) : text.toLowerCase() === value;
  if (sign === '=' || sign === '~') return (item) => field.values(item).some(has);
  if (sign === '!=') return (item) => !field.values(item).some(has);
  return { problem: `${name} is a text: ask ${name}=${wanted} or ${name}~${wanted}` };
}

function numberTest<T>(
  { name, value, units }: Extract<Field<T>, { kind: 'number' }>,
  sign: string,
  wanted: string,
): Read<T> {
  const [, digits, unit = ''] = NUMBER.exec(wanted) ?? [];
  const scale = unitOf(units, unit);
  if (digits === undefined || scale === undefined) {
    const known = Object.keys(units).filter(Boolean);
    const suffix = known.length === 0 ? '' : `, also with ${known.join(', ')}`;
    return { problem: `${name} is a number${suffix}: "${wanted}" is none` };
  }
  const limit = Number(digits) * scale;
  const holds = COMPARISONS.get(sign);
  if (holds === undefined) return { problem: `${name} is a number: ask ${name}=${wanted}` };
  return (item) => {
    const actual = value(item);
    return actual !== null && holds(actual, limit);
  };
}

/** Units are found in whatever case they are typed, as far as that leaves no doubt. */
function unitOf(units: Readonly<Record<string, number>>, unit: string): number | undefined {
  const exact = Object.entries(units).find(([name]) => name === unit);
  const [, scale] =
    exact ??
    Object.entries(units).find(([name]) => name.toLowerCase() === unit.toLowerCase()) ??
    [];
  return scale;
}

const COMPARISONS: ReadonlyMap<string, (actual: number, limit: number) => boolean> = new Map([
  ['=', (actual: number, limit: number) => actual === limit],
  ['!=', (actual: number, limit: number) => actual !== limit],
  ['<', (actual: number, limit: number) => actual < limit],
  ['>', (actual: number, limit: number) => actual > limit],
  ['<=', (actual: number, limit: number) => actual <= limit],
  ['>=', (actual: number, limit: number) => actual >= limit],
]);

/** Whether the letters of a word come in this order in one of the texts: `stk` in `stuck`. */
export function isWithin(word: string, texts: readonly string[]): boolean {
  return texts.some((text) => {
    let at = 0;
    for (const letter of text) if (letter === word[at]) at++;
    return at >= word.length;
  });
}

/**
 * The items that pass, in their order. Words are looked for as they are; only where that finds
 * nothing at all do letters in their order count.
 */
export function passing<T>(items: readonly T[], text: string, searched: Searched<T>): readonly T[] {
  const { words, tests } = readQuery(text, searched);
  const asked =
    tests.length === 0 ? items : items.filter((item) => tests.every((one) => one(item)));
  if (words.length === 0) return asked;
  const texts = asked.map((item) => searched.text(item).toLowerCase());
  const exact = asked.filter((_, at) => words.every((word) => texts[at]?.includes(word) === true));
  if (exact.length > 0) return exact;
  const pieces = texts.map((one) => one.split(/\s+/));
  return asked.filter((_, at) => words.every((word) => isWithin(word, pieces[at] ?? [])));
}
