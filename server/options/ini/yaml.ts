import type * as Yaml from 'yaml';
import type { Entry, Parsed, Section, Value } from './flat.js';
import type { Problem } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';
import { TOO_DEEP } from './too-deep.js';

type Library = typeof Yaml;

/**
 * Reads YAML 1.2 in which all scalars are text (its failsafe schema), so that 0660 and yes stay what
 * was written, as in uWSGI. A key that is written twice is there twice.
 */
export function parseYaml(text: string, library: Library): Parsed {
  const counter = new library.LineCounter();
  const document = library.parseDocument(text, {
    schema: 'failsafe',
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: counter,
  });
  const lineOf = (offset: number | undefined): number => counter.linePos(offset ?? 0).line || 1;
  const faults = onePerLine(
    document.errors
      .filter((error) => !isOurs(error, text))
      .map((error) => ({ line: lineOf(error.pos[0]), problem: faultOf(error) })),
  );
  if (faults.length > 0) return { sections: [], faults };
  const { contents } = document;
  if (contents === null) return { sections: [], faults: [] };
  if (!library.isMap(contents)) {
    const problem = FILE_PROBLEMS.notBelowKey('"tsuwsgi:" above them');
    return { sections: [], faults: [{ line: lineOf(contents.range[0]), problem }] };
  }
  const reader = { library, document, lineOf };
  return { sections: contents.items.map((pair) => sectionOf(pair, reader)), faults: [] };
}

/** uWSGI replaces `%d` before the YAML is read, so files have it without quotes; `@(FILE)` is as clear. */
function isOurs(error: Yaml.YAMLError, text: string): boolean {
  return error.code === 'BAD_SCALAR_START' && /^(%[^\s]|@\()/.test(text.slice(error.pos[0]));
}

function faultOf({ code, message }: Yaml.YAMLError): Problem {
  if (code === 'MULTIPLE_DOCS') return FILE_PROBLEMS.yamlTwice();
  // The library runs out of stack, and says so as if it were a fault of its grammar.
  if (message.includes('call stack')) return FILE_PROBLEMS.unparsable(TOO_DEEP);
  const [, end] = /must be sufficiently indented and end with a (.)$/.exec(message) ?? [];
  if (end !== undefined) return FILE_PROBLEMS.yamlOpen(end === ']' ? '[' : '{', end);
  return FILE_PROBLEMS.notYaml(message);
}

/** What is wrong with a line is told once: the library says it again for each level around it. */
function onePerLine(faults: Parsed['faults']): Parsed['faults'] {
  const lines = new Set<number>();
  return faults.filter(({ line }) => !lines.has(line) && lines.add(line));
}

interface Reader {
  readonly library: Library;
  readonly document: Yaml.Document.Parsed;
  readonly lineOf: (offset: number | undefined) => number;
}

type Pair = Yaml.Pair<Yaml.ParsedNode, Yaml.ParsedNode | null>;

function sectionOf({ key, value }: Pair, reader: Reader): Section {
  const content = resolved(value, reader);
  const entries = reader.library.isMap<Yaml.ParsedNode, Yaml.ParsedNode | null>(content)
    ? content.items.map((pair) => entryOf(pair, reader))
    : null;
  return { name: nameOf(key, reader), line: reader.lineOf(key.range[0]), entries };
}

function entryOf({ key, value }: Pair, reader: Reader): Entry {
  const line = reader.lineOf(key.range[0]);
  return { key: nameOf(key, reader), line, value: valueOf(value, reader) };
}

/** A key that is no text is the name of nothing. */
function nameOf(key: Yaml.ParsedNode, { library }: Reader): string {
  return library.isScalar(key) ? textOf(key) : '';
}

/** The failsafe schema makes nothing else of a scalar; an empty one is null. */
function textOf({ value }: Yaml.Scalar): string {
  return typeof value === 'string' ? value : '';
}

function valueOf(node: unknown, reader: Reader): Value {
  const { library } = reader;
  const content = resolved(node, reader);
  if (content === null || content === undefined) return { kind: 'text', text: '' };
  if (library.isScalar(content)) return { kind: 'text', text: textOf(content) };
  if (!library.isSeq(content)) return { kind: 'mapping' };
  const items = content.items.map((item): Value => {
    const inner = resolved(item, reader);
    return library.isScalar(inner) || inner === null ? valueOf(inner, reader) : { kind: 'mapping' };
  });
  return { kind: 'list', items };
}

/** What an alias stands for. */
function resolved(node: unknown, { library, document }: Reader): unknown {
  return library.isAlias(node) ? node.resolve(document) : node;
}
