import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { createPainter } from '../../top/terminal/painter.js';
import { themeFor } from '../../top/terminal/theme.js';
import { view } from '../../top/view/view.js';
import { busyModel } from '../support/dashboard.js';
import { pictureOf } from '../support/picture.js';
import { createEmulator } from '../support/terminal.js';

const file = fileURLToPath(new URL('../../../docs/dashboard.svg', import.meta.url));
const size = { width: 120, height: 30 };

/** Run with UPDATE_PICTURE=1 after a change that is meant to be seen, and look at the picture. */
test("the README's picture is the screen as it is painted today", async () => {
  const frame = view(busyModel(size.width, size.height));
  const painter = createPainter(size, themeFor(256), false);
  const terminal = createEmulator(size.width, size.height);
  await terminal.feed(painter.paint(frame));
  const picture = pictureOf({ cells: terminal.cells(), title: frame.title });
  painter.destroy();
  terminal.dispose();
  if (process.env['UPDATE_PICTURE'] === '1') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, picture);
  }
  assert.ok(readFileSync(file, 'utf8') === picture, 'run with UPDATE_PICTURE=1 and look at it');
});
