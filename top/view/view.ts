import type { Model } from '../model/model.js';
import { sanitize } from '../model/sanitize.js';
import { chartPanels } from './charts.js';
import { dialogPanel } from './dialog-view.js';
import { barView, noticesView } from './footer-view.js';
import type { Frame, Line, Panel } from './frame.js';
import { headerView } from './header-view.js';
import { type Band, layout } from './layout.js';
import { requestsView } from './requests-view.js';
import { tableView } from './table-view.js';
import { windowTitle } from './window-title.js';

/**
 * The picture of a model: pure, total, for every size from 1x1 up. Panels lie inside the frame, and
 * every character of every line is one printable column, whatever the server sent.
 */
export function view(model: Model): Frame {
  const { width, height } = model;
  const place = layout(width, height);
  const band = (id: string, { y, height: high }: Band, lines: readonly Line[]): Panel[] =>
    high <= 0 || width <= 0 ? [] : [{ kind: 'text', id, x: 0, y, width, height: high, lines }];
  const dialog = dialogPanel(model);
  const panels: Panel[] = [
    ...band('header', place.header, headerView(model, place.tier, place.header.height)),
    ...chartPanels(model, place.charts.y, place.charts.height),
    ...band('table', place.table, tableView(model, place.table.height - 1)),
    ...band('requests', place.requests, requestsView(model, place.requests.height)),
    ...band('notices', place.notices, noticesView(model, place.notices.height)),
    ...band('bar', place.bar, [barView(model)]),
    ...(dialog === null ? [] : [dialog]),
  ];
  return {
    width,
    height,
    panels: panels.map((panel) => clean(panel, model.ascii)),
    title: sanitize(windowTitle(model), model.ascii),
  };
}

/** The last guard: nothing leaves here that a terminal would obey. */
function clean(panel: Panel, ascii: boolean): Panel {
  if (panel.kind === 'sparkline') return { ...panel, title: sanitize(panel.title, ascii) };
  const lines = panel.lines
    .slice(0, panel.height)
    .map((line) => line.map(({ text, style }) => ({ text: sanitize(text, ascii), style })));
  if (panel.border === undefined) return { ...panel, lines };
  const border = { ...panel.border, title: sanitize(panel.border.title, ascii) };
  return { ...panel, lines, border };
}
