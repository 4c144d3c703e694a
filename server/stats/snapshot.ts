import type { Delta, Json } from '../../shared/delta.js';
import { diff } from '../../shared/delta.js';
import type { StatsDocument } from '../../shared/stats.js';
import { expose, type TextFormat } from '../metrics/exposition.js';
import { textFrame } from './text-frame.js';

/**
 * One document in every form that readers want. Each form is made when first asked for and then
 * shared by all of them.
 */
export interface Snapshot {
  readonly document: StatsDocument;
  /** As JSON text in one line. */
  text(): string;
  /**
   * For raw and HTTP readers, in UTF-8 and in the layout that was asked for; writing the same buffer
   * to many sockets copies nothing.
   */
  bytes(): Buffer;
  /** The value that a reader of the text gets; a copy, so that it cannot change any more. */
  json(): Json;
  /** The `snapshot` message with this number, in UTF-8. */
  message(seq: number): Buffer;
  /** As a text that Prometheus reads, in UTF-8. */
  metrics(format: TextFormat): Buffer;
}

/** `indented` with tabs, as uWSGI's, or all in one line. */
export type Layout = 'indented' | 'minified';

/** Wraps a document, which must not be changed afterwards. */
export function snapshotOf(document: StatsDocument, layout: Layout = 'indented'): Snapshot {
  const text = once(() => wellFormed(JSON.stringify(document)));
  const bytes = once(() => {
    if (layout === 'minified') return Buffer.from(text());
    return Buffer.from(wellFormed(JSON.stringify(document, null, '\t')));
  });
  const json = once(() => JSON.parse(text()) as Json);
  const metrics = {
    text: once(() => Buffer.from(expose(document, 'text'))),
    openmetrics: once(() => Buffer.from(expose(document, 'openmetrics'))),
  };
  let numbered = { seq: 0, bytes: Buffer.alloc(0) };
  return {
    document,
    text,
    bytes,
    json,
    metrics: (format) => metrics[format](),
    message(seq) {
      // Nearly every client asks for number 1, so the last one made is worth keeping.
      if (numbered.seq !== seq) {
        numbered = {
          seq,
          bytes: Buffer.from(`{"type":"snapshot","seq":${seq},"stats":${text()}}`),
        };
      }
      return numbered.bytes;
    },
  };
}

/**
 * Half of a surrogate pair, as a string that was cut may end in, is no character: `JSON.stringify`
 * writes it as an escape, which some readers refuse (RFC 8259 §8.2). Nothing else is written as a
 * `\\ud…` escape; a backslash of the text itself is written twice.
 */
function wellFormed(json: string): string {
  if (!json.includes('\\ud')) return json;
  return json.replace(/\\(?:\\|ud[0-9a-f]{3}|.)/g, (escape) =>
    escape.startsWith('\\ud') ? '\\ufffd' : escape,
  );
}

/** Gives the newest snapshot: the same one for as long as `document` returns the same object. */
export function snapshotSource(
  document: () => StatsDocument,
  layout: Layout = 'indented',
): () => Snapshot {
  let last: { document: StatsDocument; snapshot: Snapshot } | undefined;
  return () => {
    const newest = document();
    if (last?.document !== newest)
      last = { document: newest, snapshot: snapshotOf(newest, layout) };
    return last.snapshot;
  };
}

/** Gives the `delta` message between two snapshots with a number, as a frame for every client. */
export type DeltaFrames = (before: Snapshot, after: Snapshot, seq: number) => Buffer;

/** What was made from a base last. */
interface MadeDelta {
  readonly after: Snapshot;
  readonly text: Buffer;
  /** Clients that came at the same time count the same numbers. */
  last: { readonly seq: number; readonly frame: Buffer };
}

const END = Buffer.from('}');

/** The memory of `DeltaFrames`: for each base the newest delta from it, computed once for all. */
export function deltaFrames(): DeltaFrames {
  const known = new WeakMap<Snapshot, MadeDelta>();
  const frameOf = (seq: number, text: Buffer): MadeDelta['last'] => {
    const begin = Buffer.from(`{"type":"delta","seq":${seq},"delta":`);
    return { seq, frame: textFrame(begin, text, END) };
  };
  return (before, after, seq) => {
    const found = known.get(before);
    if (found?.after === after) {
      if (found.last.seq !== seq) found.last = frameOf(seq, found.text);
      return found.last.frame;
    }
    const delta: Delta = before === after ? null : diff(before.json(), after.json());
    const text = Buffer.from(JSON.stringify(delta));
    const last = frameOf(seq, text);
    known.set(before, { after, text, last });
    return last.frame;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
