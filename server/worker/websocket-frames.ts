/** Knows where a server's side of a WebSocket connection stands. */
export interface FrameFollower {
  /** Takes the next bytes that were written. */
  push(bytes: Uint8Array): void;
  /**
   * Whether a close frame may be written now: the handshake is over, no frame is half written, and
   * none has closed the connection. Between the frames of a fragmented message one may (RFC 6455
   * §5.4).
   */
  mayClose(): boolean;
}

const CLOSE = 8;
/** The end of the head of an HTTP answer. */
const HEAD_END = [13, 10, 13, 10];
/** A head that is longer than this is none. */
const MAX_HEAD = 64 * 1024;

/**
 * Follows the frames of RFC 6455 §5.2 by their headers, however they are cut, from the answer to
 * the handshake on: only after a `101` there are frames. Payloads are skipped, nothing is kept.
 */
export function createFrameFollower(): FrameFollower {
  const head = followHead();
  let state: 'head' | 'frames' | 'not a WebSocket' = 'head';
  const header: number[] = [];
  let payload = 0;
  let closed = false;

  /** Reads one frame's header, as far as it is there; returns where it goes on. */
  const readHeader = (bytes: Uint8Array, from: number): number => {
    let at = from;
    while (at < bytes.length && header.length < headerLength(header)) header.push(bytes[at++] ?? 0);
    if (header.length < headerLength(header)) return at;
    payload = payloadLength(header);
    closed ||= ((header[0] ?? 0) & 0x0f) === CLOSE;
    header.length = 0;
    return at;
  };
  const readFrames = (bytes: Uint8Array, from: number): void => {
    let at = from;
    while (at < bytes.length) {
      const skipped = Math.min(payload, bytes.length - at);
      payload -= skipped;
      at += skipped;
      if (payload === 0) at = readHeader(bytes, at);
    }
  };
  return {
    push(bytes) {
      let from = 0;
      if (state === 'head') {
        const read = head(bytes);
        if (read === 'more') return;
        state = read.isSwitched ? 'frames' : 'not a WebSocket';
        from = read.end;
      }
      if (state === 'frames') readFrames(bytes, from);
    },
    mayClose: () => state === 'frames' && payload === 0 && header.length === 0 && !closed,
  };
}

type Head = 'more' | { readonly isSwitched: boolean; readonly end: number };

/** Follows the answer to the handshake: whether it is a 101, and where in the last bytes it ends. */
function followHead(): (bytes: Uint8Array) => Head {
  let start = '';
  let length = 0;
  let matched = 0;
  return (bytes) => {
    for (const [at, byte] of bytes.entries()) {
      if (start.length < 12) start += String.fromCharCode(byte);
      if (byte === HEAD_END[matched]) matched++;
      else matched = byte === HEAD_END[0] ? 1 : 0;
      if (matched === HEAD_END.length) {
        return { isSwitched: /^HTTP\/1\.1 101$/.test(start), end: at + 1 };
      }
    }
    length += bytes.length;
    return length > MAX_HEAD ? { isSwitched: false, end: bytes.length } : 'more';
  };
}

/** How long the header is, as far as what is there of it tells. */
function headerLength(header: readonly number[]): number {
  const second = header[1];
  if (second === undefined) return 2;
  const short = second & 0x7f;
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
  // A server does not mask; one that does has four more bytes.
  return 2 + extended + ((second & 0x80) === 0 ? 0 : 4);
}

function payloadLength(header: readonly number[]): number {
  const short = (header[1] ?? 0) & 0x7f;
  if (short < 126) return short;
  const bytes = header.slice(2, short === 126 ? 4 : 10);
  return bytes.reduce((length, byte) => length * 256 + byte, 0);
}

/** Whether a request asks for a WebSocket. */
export function asksForWebSocket(upgrade: string | undefined): boolean {
  return upgrade !== undefined && /(^|[\s,])websocket([\s,/]|$)/i.test(upgrade);
}
