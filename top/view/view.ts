import type { Model } from '../model/model.js';
import { ofEach } from '../model/remember.js';
import { sanitize } from '../model/sanitize.js';
import { BODIES } from './bodies.js';
import { dialogPanel } from './dialog-view.js';
import { barView, noticesView } from './footer-view.js';
import type { Frame, Line, Panel } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { headerView } from './header-view.js';
import type { Banded } from './layout.js';
import { clip } from './text.js';
import { windowTitle } from './window-title.js';

/**
 * The picture of a model: pure, total, for every size from 1x1 up. Panels lie inside the frame, and
 * every character of every line is one printable column, whatever the server sent.
 */
export function view(model: Model): Frame {
  const { width, height } = model;
  const { ellipsis } = glyphsFor(model.ascii);
  const body = BODIES[model.screen];
  const place = body.place(model);
  const band: Banded = (id, { y, height: high }, lines) =>
    high <= 0
      ? []
      : [
          {
            kind: 'text',
            id,
            x: 0,
            y,
            width,
            height: high,
            lines: lines.map((line) => clip(line, width, ellipsis)),
          },
        ];
  const dialog = dialogPanel(model);
  const panels: Panel[] = [
    ...band('header', place.header, headerView(model, place)),
    ...body.panels(model, place, band),
    ...band('notices', place.notices, noticesView(model, place.notices.height)),
    ...band('bar', place.bar, [barView(model)]),
    ...(dialog === null ? [] : [dialog]),
  ];
  return {
    width,
    height,
    panels: panels.map((panel) => cleanPanel(panel, model.ascii)),
    title: sanitize(windowTitle(model), model.ascii),
  };
}

/** The last guard: nothing leaves here that a terminal would obey. */
export function cleanPanel(panel: Panel, ascii: boolean): Panel {
  const safe = ascii ? safeAscii : safeUnicode;
  if (panel.kind === 'sparkline') return { ...panel, title: safe(panel.title) };
  const lines = linesOf(panel.id, ascii)(panel.lines.slice(0, panel.height));
  if (panel.border === undefined) return { ...panel, lines };
  const { title, style, foot } = panel.border;
  const border = { title: safe(title), style };
  if (foot === undefined) return { ...panel, lines, border };
  return { ...panel, lines, border: { ...border, foot: [safe(foot[0]), safe(foot[1])] } };
}

const safeUnicode = (text: string): string => sanitize(text);
const safeAscii = (text: string): string =>
  sanitize(text.replaceAll(/[·–]/g, '-').replaceAll('→', '>'), true);

type CleanLines = (lines: readonly Line[]) => readonly Line[];

/** By panel: many of its lines are the very ones of the frame before. */
const CLEAN = { unicode: new Map<string, CleanLines>(), ascii: new Map<string, CleanLines>() };

function linesOf(id: string, ascii: boolean): CleanLines {
  const known = CLEAN[ascii ? 'ascii' : 'unicode'];
  const safe = ascii ? safeAscii : safeUnicode;
  const clean = known.get(id) ?? ofEach((line: Line) => cleanLine(line, safe));
  known.set(id, clean);
  return clean;
}

/** The line itself when there is nothing to clean. */
function cleanLine(line: Line, safe: (text: string) => string): Line {
  return line.every(({ text }) => safe(text) === text)
    ? line
    : line.map((part) => ({ ...part, text: safe(part.text) }));
}
