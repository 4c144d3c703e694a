import { err, ok, type Result } from '../../result.js';
import { ClassBook, type SnapshotClasses } from './class-book.js';
import { readLayout, type Layout } from './layout.js';
import { RawScanner } from './raw-scanner.js';
import { RowsScanner } from './rows-scanner.js';
import {
  emptySource,
  Malformed,
  scan,
  takeEnd,
  takeOneOf,
  type Reading,
  type Source,
} from './source.js';
import { StringsScanner } from './strings-scanner.js';

/**
 * Reads Chrome's .heapsnapshot, which V8 writes: the head, then the nodes as numbers, the edges,
 * and last the strings that the nodes name by number. Of a file of any size it keeps one tally a
 * class.
 */
export interface SnapshotReader {
  /** Takes the next bytes; the error is a sentence. After one it takes nothing more. */
  push(bytes: Uint8Array): Result<null, string>;
  /** There are no more bytes. */
  end(): Result<SnapshotClasses, string>;
}

/** The head is some kilobytes long. */
const MOST_HEAD = 64 * 1024;
/** No key of V8's is as long. */
const MOST_KEY = 64;

/** What has been read. */
interface State {
  readonly seen: Set<string>;
  layout: Layout | null;
  book: ClassBook | null;
}

/** Begins to read a snapshot. */
export function readSnapshot(): SnapshotReader {
  const source = emptySource();
  const state: State = { seen: new Set(), layout: null, book: null };
  const reading = whole(source, state);
  let problem: string | null = null;
  const feed = (bytes: Uint8Array | null): Result<null, string> => {
    try {
      if (problem === null) reading.next(bytes);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      problem = `${error.message} (at byte ${source.before + error.at})`;
    }
    return problem === null ? ok(null) : err(problem);
  };
  reading.next(null);
  return {
    push: feed,
    end() {
      const last = feed(null);
      if (!last.ok) return last;
      return state.book === null ? err('it holds no nodes') : ok(state.book.classes());
    },
  };
}

function* whole(source: Source, state: State): Reading<void> {
  yield* takeOneOf(source, '{');
  do {
    const key = yield* readKey(source);
    yield* takeOneOf(source, ':');
    yield* readSection(source, key, state);
  } while ((yield* takeOneOf(source, ',}')) === ',');
  for (const key of ['snapshot', 'nodes', 'edges', 'strings']) {
    if (!state.seen.has(key)) throw new Malformed(`it has no "${key}"`, source.at);
  }
  yield* takeEnd(source);
}

function* readKey(source: Source): Reading<string> {
  const scanner = new RawScanner(MOST_KEY);
  yield* scan(source, scanner);
  const key = /^\s*"([\w-]+)"$/.exec(scanner.text())?.[1];
  if (key === undefined) throw new Malformed('there is no name of a part here', source.at);
  return key;
}

function* readSection(source: Source, key: string, state: State): Reading<void> {
  if (state.seen.has(key)) throw new Malformed(`"${key}" comes twice`, source.at);
  if (state.seen.size > MOST_KEY) throw new Malformed('it has too many parts', source.at);
  state.seen.add(key);
  switch (key) {
    case 'snapshot':
      return yield* readHead(source, state);
    case 'nodes':
      return yield* readNodes(source, state);
    case 'edges':
      return yield* readEdges(source, state);
    case 'strings':
      return yield* readStrings(source, state);
    default:
      return yield* scan(source, new RawScanner(0));
  }
}

function* readHead(source: Source, state: State): Reading<void> {
  const scanner = new RawScanner(MOST_HEAD);
  yield* scan(source, scanner);
  const layout = readLayout(scanner.text());
  if (!layout.ok) throw new Malformed(layout.error, source.at);
  state.layout = layout.value;
}

function* readNodes(source: Source, state: State): Reading<void> {
  if (state.layout === null) throw new Malformed('"nodes" come before "snapshot"', source.at);
  const book = new ClassBook(state.layout);
  const scanner = new RowsScanner(state.layout.node.width, (row, index) => {
    book.add(row, index);
  });
  yield* scan(source, scanner);
  const problem = book.nodesProblem(scanner.rows);
  if (problem !== null) throw new Malformed(problem, source.at);
  state.book = book;
}

function* readEdges(source: Source, { layout }: State): Reading<void> {
  if (layout === null) throw new Malformed('"edges" come before "snapshot"', source.at);
  const scanner = new RowsScanner(layout.edgeWidth, () => undefined);
  yield* scan(source, scanner);
  if (scanner.rows === layout.edgeCount) return;
  const problem = `there are ${scanner.rows} edges where "edge_count" says ${layout.edgeCount}`;
  throw new Malformed(problem, source.at);
}

function* readStrings(source: Source, { book }: State): Reading<void> {
  if (book === null) throw new Malformed('"strings" come before "nodes"', source.at);
  const scanner = new StringsScanner(
    (index) => book.wants(index),
    (index, text) => {
      book.name(index, text);
    },
  );
  yield* scan(source, scanner);
  const problem = book.stringsProblem(scanner.count);
  if (problem !== null) throw new Malformed(problem, source.at);
}
