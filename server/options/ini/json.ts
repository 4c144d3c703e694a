import type * as Jsonc from 'jsonc-parser';
import { type Entry, lineAt, type Parsed, type Section, type Value } from './flat.js';
import { FILE_PROBLEMS } from '../problems/files.js';

type Library = typeof Jsonc;

/** Reads strict JSON. A key that is written twice is there twice. */
export function parseJson(text: string, library: Library): Parsed {
  const errors: Jsonc.ParseError[] = [];
  const root = library.parseTree(text, errors, {
    disallowComments: true,
    allowTrailingComma: false,
    allowEmptyContent: false,
  });
  const [first] = errors;
  // What follows the first error is its consequence.
  if (first !== undefined) {
    const problem = FILE_PROBLEMS.notJson(inWords(library.printParseErrorCode(first.error)));
    return { sections: [], faults: [{ line: lineAt(text, first.offset), problem }] };
  }
  const lineOf = (node: Jsonc.Node): number => lineAt(text, node.offset);
  if (root?.type !== 'object') {
    const problem = FILE_PROBLEMS.notBelowKey('{"tsuwsgi": {…}}');
    return { sections: [], faults: [{ line: root === undefined ? 1 : lineOf(root), problem }] };
  }
  return { sections: (root.children ?? []).map((node) => sectionOf(node, lineOf)), faults: [] };
}

/** `PropertyNameExpected` as words of a sentence. */
function inWords(code: string): string {
  return code.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

type LineOf = (node: Jsonc.Node) => number;

function sectionOf(node: Jsonc.Node, lineOf: LineOf): Section {
  const [key, value] = node.children ?? [];
  const entries =
    value?.type === 'object'
      ? (value.children ?? []).map((property) => entryOf(property, lineOf))
      : null;
  return { name: nameOf(key), line: lineOf(node), entries };
}

function entryOf(node: Jsonc.Node, lineOf: LineOf): Entry {
  const [key, value] = node.children ?? [];
  return { key: nameOf(key), line: lineOf(node), value: valueOf(value) };
}

function nameOf(key: Jsonc.Node | undefined): string {
  return String(key?.value ?? '');
}

function valueOf(node: Jsonc.Node | undefined): Value {
  switch (node?.type) {
    case 'string':
    case 'number':
    case 'boolean':
      return { kind: 'text', text: String(node.value) };
    case 'array':
      return { kind: 'list', items: (node.children ?? []).map(itemOf) };
    case 'null':
      return { kind: 'strange', problem: FILE_PROBLEMS.nullValue };
    case 'object':
    case 'property':
    case undefined:
      return { kind: 'mapping' };
  }
}

function itemOf(node: Jsonc.Node): Value {
  return node.type === 'array' ? { kind: 'mapping' } : valueOf(node);
}
