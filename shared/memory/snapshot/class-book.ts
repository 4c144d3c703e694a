import type { Layout } from './layout.js';
import { RowProblem } from './rows-scanner.js';

/** How many objects of a class there are, and what they take by themselves. */
export interface ClassTally {
  readonly count: number;
  /** Bytes, without what they refer to. */
  readonly size: number;
}

/** What a snapshot holds. */
export interface SnapshotClasses {
  /** All objects together. */
  readonly all: ClassTally;
  /** By the name of the class, as Chrome's Summary has it. */
  readonly classes: ReadonlyMap<string, ClassTally>;
}

/** More classes than an application has: a file with more was made to fill the memory. */
export const MOST_CLASSES = 100_000;
/** A name is cut after so many characters. */
const MOST_CHARACTERS = 200;
/** Classes may have no name. */
const NAMELESS = '(no name)';

interface Slot {
  count: number;
  size: number;
  name: string | null;
}

/** What DevTools call objects by their type; null: by the name of their constructor. */
function groupOf(type: string): string | null {
  switch (type) {
    case 'object':
    case 'native':
      return null;
    case 'hidden':
      return '(system)';
    case 'code':
      return '(compiled code)';
    case 'closure':
      return 'Function';
    case 'regexp':
      return 'RegExp';
    default:
      return `(${type})`;
  }
}

/** Counts nodes by class; names are known by number until the strings come. */
export class ClassBook {
  readonly #layout: Layout;
  /** By type; null for those that go by name. */
  readonly #groups: readonly (Slot | null)[];
  readonly #native: number;
  readonly #named = new Map<number, Slot>();
  #edges = 0;
  #farthest = { name: -1, node: 0 };

  constructor(layout: Layout) {
    this.#layout = layout;
    this.#groups = layout.types.map((type) => {
      const name = groupOf(type);
      return name === null ? null : { count: 0, size: 0, name };
    });
    this.#native = layout.types.indexOf('native');
  }

  /** Takes one node. */
  add(row: Float64Array, index: number): void {
    const { node } = this.#layout;
    const type = row[node.type] ?? 0;
    const name = row[node.name] ?? 0;
    const size = row[node.size] ?? 0;
    if (type >= this.#groups.length) {
      throw new RowProblem(
        `node ${index} is of type ${type}, and there are ${this.#groups.length}`,
      );
    }
    this.#edges += row[node.edges] ?? 0;
    if (name > this.#farthest.name) this.#farthest = { name, node: index };
    // As DevTools do: what takes nothing is a helper of V8's, but what an embedder owns is told.
    if (size === 0 && type !== this.#native) return;
    const slot = this.#groups[type] ?? this.#slotOf(name);
    slot.count++;
    slot.size += size;
  }

  #slotOf(name: number): Slot {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    if (this.#named.size === MOST_CLASSES) {
      throw new RowProblem(`there are more than ${MOST_CLASSES} classes`);
    }
    const slot = { count: 0, size: 0, name: null };
    this.#named.set(name, slot);
    return slot;
  }

  /** Whether a string is the name of a class. */
  wants(index: number): boolean {
    return this.#named.has(index);
  }

  /** The name of a class has come. */
  name(index: number, text: string): void {
    const slot = this.#named.get(index);
    if (slot !== undefined) slot.name = text.slice(0, MOST_CHARACTERS) || NAMELESS;
  }

  /** What is wrong with the nodes now that all have come; null when all is well. */
  nodesProblem(rows: number): string | null {
    const { nodeCount, edgeCount } = this.#layout;
    if (rows !== nodeCount) return `there are ${rows} nodes where "node_count" says ${nodeCount}`;
    return this.#edges === edgeCount
      ? null
      : `the nodes have ${this.#edges} edges where "edge_count" says ${edgeCount}`;
  }

  /** What is wrong with the names now that all strings have come; null when all is well. */
  stringsProblem(strings: number): string | null {
    const { name, node } = this.#farthest;
    return name < strings
      ? null
      : `node ${node} has string ${name} for its name, and there are ${strings}`;
  }

  /** Classes of the same name are one. */
  classes(): SnapshotClasses {
    const classes = new Map<string, { count: number; size: number }>();
    const all = { count: 0, size: 0 };
    for (const slot of [...this.#groups, ...this.#named.values()]) {
      if (slot === null || slot.count === 0) continue;
      const name = slot.name ?? NAMELESS;
      const tally = classes.get(name) ?? { count: 0, size: 0 };
      classes.set(name, tally);
      for (const sum of [tally, all]) {
        sum.count += slot.count;
        sum.size += slot.size;
      }
    }
    return { all, classes };
  }
}
