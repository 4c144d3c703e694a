import type { Delta, Json } from '../../shared/delta.js';
import { diff } from '../../shared/delta.js';
import type { StatsDocument } from '../../shared/stats.js';
import { expose, type TextFormat } from '../metrics/exposition.js';

/**
 * One document in every form that readers want. Each form is made when first asked for and then
 * shared by all of them.
 */
export interface Snapshot {
  readonly document: StatsDocument;
  /** As JSON text. */
  text(): string;
  /** The text in UTF-8; writing the same buffer to many sockets copies nothing. */
  bytes(): Buffer;
  /** The value that a reader of the text gets; a copy, so that it cannot change any more. */
  json(): Json;
  /** The `snapshot` message with this number, in UTF-8. */
  message(seq: number): Buffer;
  /** As a text that Prometheus reads, in UTF-8. */
  metrics(format: TextFormat): Buffer;
}

/** Wraps a document, which must not be changed afterwards. */
export function snapshotOf(document: StatsDocument): Snapshot {
  const text = once(() => JSON.stringify(document));
  const bytes = once(() => Buffer.from(text()));
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

/** Gives the newest snapshot: the same one for as long as `document` returns the same object. */
export function snapshotSource(document: () => StatsDocument): () => Snapshot {
  let last: { document: StatsDocument; snapshot: Snapshot } | undefined;
  return () => {
    const newest = document();
    if (last?.document !== newest) last = { document: newest, snapshot: snapshotOf(newest) };
    return last.snapshot;
  };
}

/** Gives the JSON text of the delta between two snapshots, computed once for all who need it. */
export type DeltaTexts = (before: Snapshot, after: Snapshot) => string;

/** The memory of `DeltaTexts`: for each base the newest delta from it. */
export function deltaTexts(): DeltaTexts {
  const known = new WeakMap<Snapshot, { readonly after: Snapshot; readonly text: string }>();
  return (before, after) => {
    const found = known.get(before);
    if (found?.after === after) return found.text;
    const delta: Delta = before === after ? null : diff(before.json(), after.json());
    const text = JSON.stringify(delta);
    known.set(before, { after, text });
    return text;
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
