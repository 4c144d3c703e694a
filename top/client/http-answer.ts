import { err, ok, type Result } from '../../shared/result.js';

/** Bytes of status line and headers; a stats server sends a tenth of it. */
const MAX_HEAD = 16 * 1024;

/** Whether an answer claims to be HTTP. */
export function looksLikeHttp(bytes: Buffer): boolean {
  return bytes.subarray(0, 5).toString('latin1') === 'HTTP/';
}

/**
 * The request of a poll: HTTP/1.0, so that the answer ends with the connection, unchunked.
 * @param bearer A key that reading takes.
 */
export function httpRequest(path: string, host: string, bearer?: string): string {
  const key = bearer === undefined ? '' : `Authorization: Bearer ${bearer}\r\n`;
  return `GET ${path} HTTP/1.0\r\nHost: ${host}\r\nAccept: application/json\r\n${key}Connection: close\r\n\r\n`;
}

/**
 * The body of a whole HTTP answer with status 200. Anything else is an error that names the status
 * and the first line of what the server had to say about it.
 */
export function httpBody(bytes: Buffer): Result<Buffer, string> {
  const end = bytes.subarray(0, MAX_HEAD).indexOf('\r\n\r\n');
  if (end < 0) return err('the server sent an HTTP answer that breaks off in its head');
  const [status = '', ...headers] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const body = bytes.subarray(end + 4);
  const [, code, reason] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(status) ?? [];
  if (code === undefined) return err('the server sent an HTTP answer of an unknown version');
  if (code !== '200') return err(`the server answered HTTP ${code} ${plain(reason ?? '', body)}`);
  const length = headers.map((line) => /^content-length: *(\d+) *$/i.exec(line)?.[1]).find(Boolean);
  if (length !== undefined && body.length < Number(length)) {
    return err(`the HTTP answer breaks off after ${body.length} of ${length} bytes`);
  }
  return ok(body);
}

function plain(reason: string, body: Buffer): string {
  const line =
    body
      .subarray(0, 200)
      .toString('latin1')
      .split(/[\r\n]/)[0] ?? '';
  const detail = /^[\x20-\x7e]+$/.test(line) && !line.startsWith('<') ? `: ${line}` : '';
  return reason.replace(/[^\x20-\x7e]/g, '?').slice(0, 80) + detail;
}
