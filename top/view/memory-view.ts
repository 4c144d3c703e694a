import { limitSize, limitsShown } from '../model/memory-limit.js';
import { PARTS, partsOf } from '../model/memory-parts.js';
import { memoryShares } from '../model/memory-shares.js';
import type { Model } from '../model/model.js';
import { instanceOf, tableRows } from '../model/table-state.js';
import type { Line, Panel } from './frame.js';
import type { Band, Banded } from './layout.js';
import { barTop } from './memory-bar.js';
import { memoryPanel } from './memory-panel.js';
import { legendLine, sumLines } from './memory-sums.js';
import { memoryTable } from './memory-table.js';
import { tableView } from './table-view.js';

/**
 * The sums of all workers, below them each worker with what its memory is made of and how it changes,
 * and where there is room the marked one over time.
 */
export function memoryPanels(model: Model, { y, height }: Band, band: Banded): Panel[] {
  const instance = instanceOf(model);
  if (instance === null) {
    return band('memory', { y, height }, tableView(model, tableRows(model)));
  }
  const shares = memoryShares(model.width, model.height, instance.workers.length);
  const { sums, gap, rows, legend, panel } = shares;
  if (rows === 0) return band('memory', { y, height }, sumLines(model, 1));
  const table = { y: y + sums + gap, height: rows + 1 };
  const below = table.y + table.height;
  return [
    ...band('memory-sums', { y, height: sums + gap }, sumLines(model, sums + gap)),
    ...band('memory', table, memoryTable(model, rows)),
    ...band('memory-legend', { y: below, height: legend }, legendOf(model)),
    ...(panel > 0 ? memoryPanel(model, { y: below + legend, height: panel }, band) : []),
  ];
}

function legendOf(model: Model): readonly Line[] {
  const { workers } = instanceOf(model) ?? { workers: [] };
  const limits = limitsShown(model);
  const top = barTop(workers, limits);
  const drawn = new Set<string>();
  for (const worker of workers) {
    const parts = partsOf(worker);
    if (parts === null) continue;
    for (const part of PARTS) if (parts[part] !== null) drawn.add(part);
    if ((limitSize(worker, limits) ?? Infinity) <= top) drawn.add('limit');
  }
  return drawn.size === 0 ? [] : [legendLine(model, drawn)];
}
