import { LABEL_WIDTH, recordLines } from '../model/event-record.js';
import type { Detail, HappenedEvent } from '../model/events.js';
import type { Model } from '../model/model.js';
import { recordRoom } from '../model/record-room.js';
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
  const room = recordRoom(model);
  const body = recordView(recordLines(event, room.columns), eventStyle(event));
  return {
    title,
    style: 'title',
    body,
    // Scrolling moves the last visible line down.
    focus: Math.min(body.length - 1, room.lines - 1 + scroll),
    foot: [[press('escape', 'Esc'), span(' closes', 'dim')]],
  };
}
