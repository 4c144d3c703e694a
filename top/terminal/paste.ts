/** A paste longer than this is cut: nobody filters by more, and a terminal may send megabytes. */
export const MAX_PASTE = 64 * 1024;

/** `CSI 201 ~`, the end of a bracketed paste (xterm, "Bracketed Paste Mode"). */
const END = [0x1b, 0x5b, 0x32, 0x30, 0x31, 0x7e];

const [BEGIN_TEXT, END_TEXT] = ['\x1b[200~', '\x1b[201~'];

/** Nobody types so many bytes at once. */
const NOT_TYPED = 8;

/**
 * Whether bytes that come while no paste is under way are the rest of one: on a bad line its
 * beginning may have been given up. Its text must not become keys.
 * @param stalled A paste was handed over without its end, which has not come since.
 */
export function isRestOfPaste(bytes: Uint8Array, stalled: boolean): boolean {
  if (bytes.length < END.length) return false;
  const text = new TextDecoder('latin1').decode(bytes);
  const [begin, end] = [text.indexOf(BEGIN_TEXT), text.indexOf(END_TEXT)];
  if (end >= 0 && (begin < 0 || end < begin)) return true;
  // Another paste begins with its marker; further on it is part of the text.
  return stalled && begin !== 0 && (end >= 0 || isNotTyped(bytes));
}

function isNotTyped(bytes: Uint8Array): boolean {
  return bytes.length >= NOT_TYPED && bytes[0] !== END[0];
}

export interface PasteBuffer {
  /** Takes one byte; the text when it was the last of the end marker. */
  push(byte: number): string | undefined;
  /** The text so far, and starts anew. */
  end(): string;
}

/**
 * Collects the bytes of a bracketed paste. The text has `\n` for every kind of line end and no
 * other control character than tab; what is not UTF-8 became U+FFFD.
 */
export function createPasteBuffer(): PasteBuffer {
  let bytes: number[] = [];
  let matched = 0;

  const keep = (byte: number): void => {
    if (bytes.length < MAX_PASTE) bytes.push(byte);
  };
  const end = (): string => {
    const text = new TextDecoder().decode(Uint8Array.from(bytes));
    bytes = [];
    matched = 0;
    return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\t\n]/gu, '');
  };

  return {
    push(byte) {
      if (byte === END[matched]) {
        matched += 1;
        return matched === END.length ? end() : undefined;
      }
      END.slice(0, matched).forEach(keep);
      matched = byte === END[0] ? 1 : 0;
      if (matched === 0) keep(byte);
      return undefined;
    },
    end,
  };
}
