import { otherRows, shownOthers, shownTop } from '../model/others.js';
import type { Model } from '../model/model.js';
import { blockWindow } from './block-view.js';
import type { Line, Panel } from './frame.js';
import type { Band, Banded } from './layout.js';
import { span } from './text.js';

/** Sockets, and all else that the document has besides its workers. */
export function othersPanels(model: Model, place: Band, band: Banded): Panel[] {
  const blocks = shownOthers(model);
  const lines =
    blocks.length === 0
      ? emptyLines(model)
      : blockWindow(model, [blocks], shownTop(model), otherRows(model));
  return band('others', place, lines);
}

function emptyLines(model: Model): Line[] {
  const { text } = model.others.filter;
  const why = text === '' ? `waiting for ${model.address} ...` : `no line matches "${text}"`;
  return [[span(`  ${why}`, 'dim')]];
}
