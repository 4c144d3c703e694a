import type { Model } from './model.js';
import { type RowIdentity, sameRow } from './rows.js';
import { moved, rowOf, selectionState, withTable } from './table-state.js';

/** Whether this very process is tagged. */
export function isTagged({ table }: Model, identity: RowIdentity): boolean {
  return table.tags.some((tag) => sameRow(tag, identity));
}

/** Why the marked worker cannot be tagged; null when it can. */
export function tagRefusal(model: Model): string | null {
  const { selection } = model.table;
  if (selection === null) return 'mark a worker first, with the arrow keys';
  const { identity } = selection;
  if (isTagged(model, identity)) return null;
  if (selectionState(model) === 'gone') {
    return 'the marked process is gone: mark another with the arrow keys';
  }
  return identity.pid === 0 ? `no process runs as worker ${identity.worker}` : null;
}

/** Tags the marked worker, or takes its tag away, and marks the next one. */
export function tagged(model: Model): Model {
  const { selection, tags } = model.table;
  if (selection === null) return model;
  const { identity } = selection;
  const others = tags.filter((tag) => !sameRow(tag, identity));
  const next = others.length < tags.length ? others : [...tags, identity];
  return moved(withTable(model, { tags: next }), 'down');
}

/** No worker is tagged any more. */
export function untagged(model: Model): Model {
  return withTable(model, { tags: [] });
}

/** A process takes its tag with it: its successor has none. */
export function withLivingTags(model: Model): Model {
  const { tags } = model.table;
  const living = tags.filter((tag) => rowOf(model, tag) !== null);
  return living.length === tags.length ? model : withTable(model, { tags: living });
}
