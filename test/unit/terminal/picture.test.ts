import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paletteColour } from '../../support/palette.js';
import { pictureOf } from '../../support/picture.js';
import { createEmulator } from '../../support/terminal.js';

async function drawn(output: string, title = 'a title'): Promise<string> {
  const terminal = createEmulator(20, 3);
  await terminal.feed(output);
  const picture = pictureOf({ cells: terminal.cells(), title });
  terminal.dispose();
  return picture;
}

const texts = (picture: string): string[] =>
  [...picture.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)<\/text>/g)]
    .slice(1)
    .map(([, x, y, text]) => `${x} ${y} ${text}`);

test('each word stands at its column and row', async () => {
  const picture = await drawn('ab  cd\r\n\x1b[31mred\x1b[m plain');
  assert.deepEqual(texts(picture), ['0 13.5 ab', '33.6 13.5 cd', '0 31.5 red', '33.6 31.5 plain']);
  const [r, g, b] = paletteColour(1);
  const fill = `#${((r << 16) | (g << 8) | b).toString(16)}`;
  assert.match(picture, new RegExp(`fill="${fill}"[^>]*>red<`));
});

test('line-drawing, block and braille characters are rectangles, not letters', async () => {
  const picture = await drawn('┌──┐▄▄▌⣿');
  assert.deepEqual(texts(picture), []);
  assert.match(picture, /x="33\.6" y="9" width="16\.8" height="9"/, 'two half blocks as one');
  assert.equal(picture.match(/width="2\.52" height="2\.52"/g)?.length, 8, 'eight dots');
});

test('bold, underline and inverse are seen', async () => {
  const picture = await drawn('\x1b[1mbold\x1b[m \x1b[4mline\x1b[m \x1b[7minv\x1b[m');
  assert.match(picture, /font-weight="bold"[^>]*>bold</);
  assert.match(picture, /<rect[^>]*x="42" y="16\.2" width="33\.6" height="1"/);
  assert.match(picture, /<rect[^>]*x="84" y="0" width="25\.2" height="18" fill="#d1d7e0"/);
  assert.match(picture, /fill="#0d1117"[^>]*>inv</);
});

test('markup in the terminal or in the title is text', async () => {
  const picture = await drawn('<script>&"', '</text><script>');
  assert.doesNotMatch(picture, /<script/);
  assert.match(picture, /&#60;script&#62;&#38;&#34;/);
});
