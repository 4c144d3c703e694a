import { LABEL_WIDTH, recordLines, recordWidth } from '../model/event-record.js';
import type { Detail, HappenedEvent } from '../model/events.js';
import type { Model } from '../model/model.js';
import type { Dialog } from './dialog.js';
import { eventStyle } from './event-looks.js';
import type { Line, StyleName } from './frame.js';
import { press, span } from './text.js';

/** The lines of a record: its sentence, then each figure under its label. */
export function recordView(lines: readonly Detail[], style: StyleName): Line[] {
  const blank = lines.findIndex(([, value]) => value === '');
  return lines.map(([label, value], index): Line =>
    index < blank ? [span(value, style)] : [span(label.padEnd(LABEL_WIDTH), 'dim'), span(value)],
  );
}

/** A record in full, over the list. */
export function eventDialog(
  model: Model,
  event: HappenedEvent,
  title: string,
  scroll: number,
): Dialog {
  const body = recordView(recordLines(event, recordWidth(model.width)), eventStyle(event));
  const room = Math.max(1, model.height - 3);
  return {
    title,
    style: 'title',
    body,
    // Scrolling moves the last visible line down.
    focus: Math.min(body.length - 1, room - 1 + scroll),
    foot: [[press('escape', 'Esc'), span(' closes', 'dim')]],
  };
}
