import type * as Toml from 'toml-eslint-parser';
import type { Entry, Parsed, Section, Value } from './flat.js';
import { FILE_PROBLEMS } from '../problems/files.js';

type Library = typeof Toml;
type Content = Toml.AST.TOMLContentNode;
type Fault = Parsed['faults'][number];

/** Reads TOML 1.0. */
export function parseToml(text: string, library: Library): Parsed {
  let program: Toml.AST.TOMLProgram;
  try {
    program = library.parseTOML(text, { tomlVersion: '1.0' });
  } catch (error) {
    if (!(error instanceof library.ParseError)) throw error;
    return { sections: [], faults: [faultOf(error, text)] };
  }
  const sections = program.body[0].body.flatMap((node) =>
    node.type === 'TOMLTable' ? tableOf(node) : [topOf(node)],
  );
  return { sections, faults: [] };
}

/** Characters of a line, which may be a whole file. */
const MOST_SHOWN = 60;

/** The library calls a value that is missing and a list that is not closed by the same name. */
function faultOf({ message, index, lineNumber }: Toml.ParseError, text: string): Fault {
  const reason = message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, '');
  if (!reason.startsWith('unspecified values')) {
    return { line: lineNumber, problem: FILE_PROBLEMS.notToml(reason) };
  }
  const before = text.slice(0, index).replace(/\s*(#[^\n]*)?\s*$/, '');
  const line = before.split('\n').length;
  const last = before
    .slice(before.lastIndexOf('\n') + 1)
    .trim()
    .slice(-MOST_SHOWN);
  return {
    line,
    problem: last.endsWith('=') ? FILE_PROBLEMS.tomlNoValue(last) : FILE_PROBLEMS.tomlOpen(),
  };
}

/** `[tsuwsgi]`; what stands in `[tsuwsgi.x]` is the value of x, and no option has such a one. */
function tableOf(node: Toml.AST.TOMLTable): Section[] {
  const [name = '', ...below] = node.resolvedKey.map(String);
  const { line } = node.loc.start;
  const [nested] = below;
  const entries =
    nested === undefined
      ? node.body.map(entryOf)
      : [{ key: nested, line, value: { kind: 'mapping' } as const }];
  return [{ name, line, entries }];
}

/** `tsuwsgi.name = value` or `tsuwsgi = { … }` above all tables. */
function topOf(node: Toml.AST.TOMLKeyValue): Section {
  const [name = '', ...rest] = namesOf(node);
  const { line } = node.loc.start;
  if (rest.length > 0) return { name, line, entries: [entryNamed(rest, node)] };
  const table = node.value;
  return { name, line, entries: table.type === 'TOMLInlineTable' ? table.body.map(entryOf) : null };
}

function entryOf(node: Toml.AST.TOMLKeyValue): Entry {
  return entryNamed(namesOf(node), node);
}

function entryNamed([key = '', ...below]: readonly string[], node: Toml.AST.TOMLKeyValue): Entry {
  const value: Value = below.length > 0 ? { kind: 'mapping' } : valueOf(node.value);
  return { key, line: node.loc.start.line, value };
}

function namesOf(node: Toml.AST.TOMLKeyValue): string[] {
  return node.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
}

function valueOf(node: Content): Value {
  if (node.type === 'TOMLInlineTable') return { kind: 'mapping' };
  if (node.type === 'TOMLValue') return { kind: 'text', text: textOf(node) };
  const items = node.elements.map((item): Value =>
    item.type === 'TOMLValue' ? valueOf(item) : { kind: 'mapping' },
  );
  return { kind: 'list', items };
}

function textOf(node: Toml.AST.TOMLValue): string {
  switch (node.kind) {
    case 'string':
    case 'boolean':
    case 'float':
      return String(node.value);
    case 'integer':
      return String(node.bigint);
    case 'offset-date-time':
    case 'local-date-time':
    case 'local-date':
    case 'local-time':
      return node.datetime;
  }
}
