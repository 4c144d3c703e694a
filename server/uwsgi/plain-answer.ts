/**
 * What a uwsgi client reads is the answer as HTTP/1.0 has it: a head, then the body up to the end of
 * the connection. Node's server writes HTTP/1.1: this undoes chunks, which web servers pass on as
 * they are, and leaves out what comes before the answer (100, 103).
 */
export interface PlainAnswer {
  /** The next bytes that Node wrote; those to send. */
  take(chunk: Buffer): Buffer[];
  /** Whether the connection speaks another protocol from now on (101). */
  readonly isSwitched: boolean;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/** `protocol` stands in the status line: the version that the client spoke to the web server. */
export function createPlainAnswer(protocol: string): PlainAnswer {
  let head: Buffer | null = Buffer.alloc(0);
  let isSwitched = false;
  let chunks: ChunkDecoder | null = null;
  const takeBody = (bytes: Buffer): Buffer[] => chunks?.take(bytes) ?? [bytes];
  const takeHead = (bytes: Buffer): Buffer[] => {
    const end = bytes.indexOf(HEAD_END);
    head = bytes;
    if (end < 0) return [];
    const rest = bytes.subarray(end + HEAD_END.length);
    const answer = rewrite(bytes.toString('latin1', 0, end), protocol);
    if (answer.status < 200 && answer.status !== 101) return takeHead(rest);
    head = null;
    isSwitched = answer.status === 101;
    if (answer.isChunked) chunks = createChunkDecoder();
    const sent = [Buffer.from(answer.text, 'latin1')];
    return rest.length === 0 ? sent : [...sent, ...takeBody(rest)];
  };
  return {
    take: (chunk) =>
      head === null
        ? takeBody(chunk)
        : takeHead(head.length === 0 ? chunk : Buffer.concat([head, chunk])),
    get isSwitched() {
      return isSwitched;
    },
  };
}

function rewrite(head: string, protocol: string) {
  const status = Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length));
  const [first = '', ...lines] = head.split('\r\n');
  const kept = lines.filter((line) => !CODING.test(line));
  const isChunked = lines.some((line) => CODING.test(line) && /chunked\s*$/i.test(line));
  const statusLine = protocol + first.slice('HTTP/1.1'.length);
  return { status, isChunked, text: `${[statusLine, ...kept].join('\r\n')}\r\n\r\n` };
}

const CODING = /^transfer-encoding:/i;

interface ChunkDecoder {
  take(bytes: Buffer): Buffer[];
}

/** What stands at the place that was read up to: a size, its data, the line end behind them, or nothing more. */
type Part = 'size' | 'data' | 'line end' | 'over';

/** Takes Node's own chunks apart; trailers have no place in the answer and are left out. */
function createChunkDecoder(): ChunkDecoder {
  let part: Part = 'size';
  let size = '';
  let left = 0;
  return {
    take(bytes) {
      const data: Buffer[] = [];
      let at = 0;
      while (at < bytes.length && part !== 'over') {
        if (part === 'size') {
          const end = bytes.indexOf(10, at);
          size += bytes.toString('latin1', at, end < 0 ? bytes.length : end);
          if (end < 0) break;
          at = end + 1;
          left = parseInt(size, 16);
          size = '';
          part = left > 0 ? 'data' : 'over';
        } else {
          const end = Math.min(bytes.length, at + left);
          if (part === 'data') data.push(bytes.subarray(at, end));
          left -= end - at;
          at = end;
          if (left > 0) break;
          const isData: boolean = part === 'data';
          part = isData ? 'line end' : 'size';
          if (isData) left = LINE_END;
        }
      }
      return data;
    },
  };
}

const LINE_END = 2;
