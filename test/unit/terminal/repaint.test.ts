import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../../top/model/message.js';
import { detectCapabilities } from '../../../top/terminal/capabilities.js';
import { createPainter } from '../../../top/terminal/painter.js';
import { themeFor } from '../../../top/terminal/theme.js';
import { view } from '../../../top/view/view.js';
import { anyMessage } from '../../support/arbitraries.js';
import { busyModel, play } from '../../support/dashboard.js';
import { createEmulator, type SeenCell } from '../../support/terminal.js';

const SIZES = [
  [20, 5],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

const TERMS = ['xterm-256color', 'tmux-256color', 'screen', 'rxvt', 'linux', 'alacritty'] as const;

/** What a TERM gets: how many colours, and whether only ASCII. */
function surface(term: string): { readonly colours: 256 | 16 | 8 | 0; readonly ascii: boolean } {
  const found = detectCapabilities({
    env: { TERM: term, LANG: 'C.UTF-8' },
    ...{ stdinIsTTY: true, stdoutIsTTY: true, ascii: false, mono: false },
  });
  if (found.kind !== 'screen') throw new Error(`${term} is not drawn on: ${found.reason}`);
  return found;
}

/** What each message leaves on a terminal, and what a painter that saw only the last would. */
async function bothWays(
  messages: readonly Message[],
  [width, height]: (typeof SIZES)[number],
  term: string,
): Promise<readonly [incremental: SeenCell[][], fresh: SeenCell[][]]> {
  const { colours, ascii } = surface(term);
  const terminals = [createEmulator(width, height), createEmulator(width, height)] as const;
  const painters = terminals.map(() => createPainter({ width, height }, themeFor(colours), ascii));
  let model = busyModel(width, height, { ascii });
  const [one, once] = painters;
  for (const message of messages) {
    // The terminal keeps its size here: only what is drawn on it changes.
    if (message.type !== 'resize') model = play(model, [message]).model;
    await terminals[0].feed(one?.paint(view(model)) ?? '');
  }
  await terminals[1].feed(once?.paint(view(model)) ?? '');
  for (const painter of painters) painter.destroy();
  const seen = terminals.map((terminal) => terminal.cells());
  for (const terminal of terminals) terminal.dispose();
  return [seen[0] ?? [], seen[1] ?? []];
}

for (const size of SIZES) {
  test(`at ${size.join('x')}, on any of six terminals, a screen that was changed bit by bit is one drawn afresh`, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyMessage, { minLength: 1, maxLength: 12 }),
        fc.constantFrom(...TERMS),
        async (messages, term) => {
          const [incremental, fresh] = await bothWays(messages, size, term);
          assert.deepEqual(incremental, fresh);
        },
      ),
      { numRuns: size[0] >= 120 ? 15 : 40 },
    );
  });
}

test('every one of the six is drawn on', async () => {
  for (const term of TERMS) {
    const [incremental, fresh] = await bothWays([], [80, 24], term);
    assert.notDeepEqual(fresh, incremental, 'without a message nothing is drawn on the first');
  }
});
