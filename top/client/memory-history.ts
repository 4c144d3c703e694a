import { decodeText } from '../../shared/decode-text.js';
import { type MemoryHistory, readHistory } from '../../shared/memory/history.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { Clock, Timing } from './clock.js';
import { dialWithin } from './dial.js';
import { exchange } from './exchange.js';
import type { Failure } from './failure.js';
import { httpBody, httpRequest, looksLikeHttp } from './http-answer.js';
import { keySource, readKeyFile } from './key-file.js';
import type { Target } from './target.js';

export interface HistoryOptions {
  readonly clock: Clock;
  readonly timing: Timing;
  /** `--key-file`: one that holds the key to read is sent, where nobody else hears it. */
  readonly keyFile?: string | undefined;
}

/**
 * Asks a tsuwsgi for the history of its workers' memory, over HTTP on the address of its stats. Never
 * rejects; an error that is not of the network means that whoever answers keeps no history.
 */
export async function fetchHistory(
  target: Target,
  { clock, timing, keyFile }: HistoryOptions,
): Promise<Result<MemoryHistory, Failure>> {
  const limits = { clock, signal: new AbortController().signal, deadlineMs: timing.poll };
  const socket = await dialWithin(target, limits);
  if (!socket.ok) return socket;
  const request = httpRequest(historyPath(target), target.host, bearerOf(target, keyFile));
  const { bytes, ending } = await exchange(socket.value, { request, afterMs: 0 }, limits);
  if (ending === 'deadline') {
    return err({ code: 'foreign', message: 'the server does not answer over HTTP' });
  }
  if (!looksLikeHttp(bytes)) return err({ code: 'raw', message: 'the server speaks no HTTP' });
  const body = httpBody(bytes);
  const text = body.ok ? decodeText(body.value) : body;
  if (!text.ok) return err({ code: 'http', message: text.error });
  const history = readHistory(text.value.value);
  return history.ok
    ? ok(history.value)
    : err({ code: 'foreign', message: `what the server sent ${history.error}` });
}

/** Beside the stats: where a proxy put them under a path of its own, the history is there too. */
function historyPath({ path }: Target): string {
  const [plain = ''] = path.split('?');
  return `${plain.slice(0, plain.lastIndexOf('/'))}/memory`;
}

/** The key to read, and only where it cannot be overheard. */
function bearerOf(target: Target, keyFile: string | undefined): string | undefined {
  if (keyFile === undefined || !isPrivate(target)) return undefined;
  const found = readKeyFile(keySource({ keyFile }), '');
  return found.ok && found.value.role === 'read' ? found.value.key : undefined;
}

function isPrivate({ address, tls }: Target): boolean {
  if (tls !== undefined || address.kind !== 'tcp') return true;
  return ['', 'localhost', '::1'].includes(address.host) || /^127(\.\d+){3}$/.test(address.host);
}
