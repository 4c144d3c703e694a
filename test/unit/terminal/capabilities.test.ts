import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detectCapabilities, type Surroundings } from '../../../top/terminal/capabilities.js';

const detect = (env: Surroundings['env'], more: Partial<Surroundings> = {}) =>
  detectCapabilities({
    env: { LANG: 'C.UTF-8', ...env },
    stdinIsTTY: true,
    stdoutIsTTY: true,
    ascii: false,
    mono: false,
    ...more,
  });

const screen = (colours: number, ascii = false) => ({ kind: 'screen', colours, ascii });

test('the number of colours follows TERM', () => {
  const depths: Record<string, number> = {
    'xterm-256color': 256,
    'tmux-256color': 256,
    'screen-256color': 256,
    alacritty: 256,
    'xterm-kitty': 256,
    foot: 256,
    'xterm-direct': 256,
    xterm: 16,
    'rxvt-unicode': 16,
    screen: 8,
    'xterm-mono': 0,
    vt220: 0,
  };
  for (const [TERM, colours] of Object.entries(depths)) {
    assert.deepEqual(detect({ TERM }), screen(colours), TERM);
  }
});

test('COLORTERM raises a terminal that says less', () => {
  assert.deepEqual(detect({ TERM: 'xterm', COLORTERM: 'truecolor' }), screen(256));
});

test('NO_COLOR and --mono leave no colour; an empty NO_COLOR does not count', () => {
  const TERM = 'xterm-256color';
  assert.deepEqual(detect({ TERM, NO_COLOR: '1' }), screen(0));
  assert.deepEqual(detect({ TERM, NO_COLOR: '' }), screen(256));
  assert.deepEqual(detect({ TERM }, { mono: true }), screen(0));
});

test('without a UTF-8 locale, on the linux console and with --ascii only ASCII is drawn', () => {
  const TERM = 'xterm';
  assert.deepEqual(detect({ TERM, LANG: 'C' }), screen(16, true));
  assert.deepEqual(detect({ TERM, LANG: undefined }), screen(16, true));
  assert.deepEqual(detect({ TERM, LANG: 'C', LC_ALL: 'de_DE.utf8' }), screen(16));
  assert.deepEqual(detect({ TERM, LC_ALL: 'C' }), screen(16, true));
  assert.deepEqual(detect({ TERM, LC_ALL: '', LC_CTYPE: 'POSIX' }), screen(16, true));
  assert.deepEqual(detect({ TERM: 'linux' }), screen(8, true));
  assert.deepEqual(detect({ TERM }, { ascii: true }), screen(16, true));
});

test('no full screen where it cannot be shown, with the reason', () => {
  const reason = (capabilities: ReturnType<typeof detect>) =>
    capabilities.kind === 'report' ? capabilities.reason : 'a screen';
  const TERM = 'xterm-256color';
  assert.match(reason(detect({ TERM }, { stdoutIsTTY: false })), /output is not a terminal/);
  assert.match(reason(detect({ TERM }, { stdinIsTTY: false })), /input is not a terminal/);
  assert.match(reason(detect({})), /TERM is not set/);
  for (const poor of ['dumb', 'vt100', 'vt52', 'unknown', 'emacs', 'xtermish']) {
    assert.match(reason(detect({ TERM: poor })), new RegExp(`TERM=${poor} .*xterm-256color`));
  }
});

test('a hostile TERM is not repeated as it is', () => {
  const hostile = detect({ TERM: `\x1b]0;gotcha\x07${'x'.repeat(500)}` });
  assert.ok(hostile.kind === 'report');
  assert.doesNotMatch(hostile.reason, /\p{Cc}/u);
  assert.ok(hostile.reason.length < 200);
});
