/** How many colours the theme may use; 0 is none at all. */
export type ColourDepth = 256 | 16 | 8 | 0;

/** What a terminal can show, or why it gets plain text instead of a full screen. */
export type Capabilities =
  | { readonly kind: 'screen'; readonly colours: ColourDepth; readonly ascii: boolean }
  | { readonly kind: 'report'; readonly reason: string; readonly ascii: boolean };

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdinIsTTY: boolean;
  readonly stdoutIsTTY: boolean;
  /** Asked for with `--ascii` and `--mono`. */
  readonly ascii: boolean;
  readonly mono: boolean;
}

/** Terminals known to have an alternate screen and addressable cells, by how their name begins. */
const CAPABLE =
  /^(xterm|screen|tmux|rxvt|linux|alacritty|kitty|foot|st|stterm|wezterm|konsole|gnome|vte|putty|iterm2?|ghostty|contour|mintty|eterm|mlterm|dtterm|cygwin|nsterm|rio|fbterm|teraterm|vt2[2-9]0|vt[345]\d\d)(-|$)/;

/** Descriptions without colour: real VT terminals, and any name that says so. */
const COLOURLESS = /(^vt\d+|-m(ono)?$)/;

/** Terminals with 256 colours whose name does not say so. */
const RICH =
  /256color|direct|^(alacritty|kitty|xterm-kitty|foot|wezterm|konsole|gnome|vte|iterm2?|ghostty|xterm-ghostty|contour|mintty|rio)(-|$)/;

/**
 * Decides how to show the dashboard from the environment alone: no terminal is asked, for an
 * answer could arrive as keys.
 */
export function detectCapabilities(around: Surroundings): Capabilities {
  const { env } = around;
  const term = (env['TERM'] ?? '').toLowerCase();
  const ascii = around.ascii || !showsUnicode(env);
  const report = (reason: string): Capabilities => ({ kind: 'report', reason, ascii });
  if (!around.stdoutIsTTY) return report('the output is not a terminal');
  if (!around.stdinIsTTY) return report('the input is not a terminal');
  if (term === '') return report('TERM is not set');
  if (!CAPABLE.test(term)) {
    return report(
      `TERM=${printable(term)} has no full screen that I know: if it has, set TERM=xterm-256color`,
    );
  }
  return { kind: 'screen', colours: colourDepth(around, term), ascii };
}

/** Whether more than ASCII can be shown: the font of the Linux console lacks most of it. */
export function showsUnicode(env: Surroundings['env']): boolean {
  return hasUtf8(env) && !/^linux(-|$)/i.test(env['TERM'] ?? '');
}

/** https://no-color.org: any value that is not empty counts. */
function colourDepth({ env, mono }: Surroundings, term: string): ColourDepth {
  if (mono || (env['NO_COLOR'] ?? '') !== '' || COLOURLESS.test(term)) return 0;
  if (RICH.test(term)) return 256;
  if (term.startsWith('linux') || term.startsWith('cygwin')) return 8;
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 256;
  return term.startsWith('screen') || term.startsWith('tmux') ? 8 : 16;
}

/** The locale as POSIX reads it: LC_ALL wins over LC_CTYPE, which wins over LANG. */
function hasUtf8(env: Surroundings['env']): boolean {
  const names = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']];
  const locale = names.find((value) => value !== undefined && value !== '') ?? '';
  return /utf-?8/i.test(locale);
}

/** Environment variables come from anywhere: only what can be printed is repeated. */
function printable(text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, 40);
}
