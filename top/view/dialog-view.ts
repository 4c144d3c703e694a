import type { Model } from '../model/model.js';
import type { Overlay } from '../model/overlay.js';
import { isRecordBeside } from '../model/record-room.js';
import { canaryDialog } from './canary-dialog.js';
import { columnsDialog } from './columns-dialog.js';
import { confirmDialog } from './confirm-dialog.js';
import type { Dialog } from './dialog.js';
import { eventDialog } from './event-dialog.js';
import { recordTitle } from './events-view.js';
import type { Panel } from './frame.js';
import { type Glyphs, glyphsFor } from './glyphs.js';
import { helpDialog } from './help-dialog.js';
import { allocatorsDialog, memoryDialog } from './memory-dialogs.js';
import { outcomesDialog } from './outcomes-dialog.js';
import { differenceDialog } from './difference-dialog.js';
import { settingsDialog } from './settings-dialog.js';
import { reloadsDialog, signalsDialog, sortDialog } from './menu-dialogs.js';
import { clip, lineWidth, padded, span } from './text.js';

/** The panel that lies over everything else; null when nothing is open. */
export function dialogPanel(model: Model): Panel | null {
  const dialog = dialogOf(model, model.overlay);
  if (dialog === null) return null;
  const { ellipsis } = glyphsFor(model.ascii);
  const { body, foot, title } = dialog;
  const widest = Math.max(
    title.length + 4,
    ...[...body, ...foot].map((line) => lineWidth(line) + 2),
  );
  const width = Math.max(1, Math.min(model.width, widest + 2));
  const height = Math.max(1, Math.min(model.height, body.length + foot.length + 2));
  const inner = Math.max(0, width - 2);
  const room = Math.max(0, height - 2 - foot.length);
  const from = Math.max(0, Math.min(dialog.focus - room + 1, body.length - room));
  const placed = foot.map((line) => {
    const before = Math.floor((inner - 1 - lineWidth(line)) / 2);
    return dialog.footCentred === true && before > 0 ? [span(' '.repeat(before)), ...line] : line;
  });
  const lines = [...body.slice(from, from + room), ...placed].map((line) =>
    padded(clip([span(' '), ...line], inner, ellipsis), inner),
  );
  return {
    kind: 'text',
    id: 'dialog',
    x: Math.floor((model.width - width) / 2),
    y: Math.floor((model.height - height) / 2),
    width,
    height,
    lines,
    border: { title, style: dialog.style },
  };
}

type DialogMaker<K extends Overlay['kind']> = (
  model: Model,
  overlay: Extract<Overlay, { readonly kind: K }>,
  glyphs: Glyphs,
) => Dialog | null;

/** The dialog of each overlay. */
const DIALOGS: { readonly [K in Overlay['kind']]: DialogMaker<K> } = {
  none: () => null,
  help: (model, { scroll }, glyphs) => helpDialog(model, scroll, glyphs),
  event: (model, { event, scroll }) =>
    isRecordBeside(model) ? null : eventDialog(model, event, recordTitle(event), scroll),
  sort: (model, { choice }, glyphs) => sortDialog(model, choice, glyphs),
  columns: columnsDialog,
  reloads: (model, { choice }, glyphs) => reloadsDialog(model, choice, glyphs),
  signals: (model, { targets, choice }, glyphs) => signalsDialog(model, targets, choice, glyphs),
  memory: memoryDialog,
  allocators: allocatorsDialog,
  confirm: confirmDialog,
  canary: canaryDialog,
  settings: (model, { choice }, glyphs) => settingsDialog(model, choice, glyphs),
  difference: differenceDialog,
  outcomes: outcomesDialog,
};

function dialogOf(model: Model, overlay: Overlay): Dialog | null {
  const make = DIALOGS[overlay.kind] as DialogMaker<Overlay['kind']>;
  return make(model, overlay, glyphsFor(model.ascii));
}
