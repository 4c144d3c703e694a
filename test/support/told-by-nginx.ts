import { packetOf } from './uwsgi-packet.js';

/** One request whose body has a length, or none; what nginx has to undo is not told here. */
const REQUEST = /^(?:\r\n)*(\S+) (\S+) (HTTP\/1\.[01])\r\n((?:[^\r]+\r\n)*)\r\n([^]*)$/;

/**
 * The packet and the body that an nginx with its `uwsgi_params` makes of a request; null for what it
 * does not hand on so: chunks, several requests at once, names that are no variables, and more
 * than a packet may have.
 */
export function toldByNginx(bytes: Buffer): Buffer | null {
  const parts = REQUEST.exec(bytes.toString('latin1'));
  if (parts === null) return null;
  const [method, target, protocol, lines, body] = parts.slice(1) as Parts;
  const fields = readFields(lines);
  const value = (name: string): string =>
    fields.find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
  const isWhole = body.length === Number(value('content-length'));
  const isNamed = fields.every(([name]) => /^[A-Za-z0-9-]+$/.test(name));
  if (!isWhole || !isNamed || value('transfer-encoding') !== '') return null;
  const [route, query] = target.split('?', 2);
  const packet = packetOf([
    ['QUERY_STRING', query ?? ''],
    ['REQUEST_METHOD', method],
    ['CONTENT_TYPE', value('content-type')],
    ['CONTENT_LENGTH', value('content-length')],
    ['REQUEST_URI', target],
    ['PATH_INFO', route ?? ''],
    ['SERVER_PROTOCOL', protocol],
    ['REMOTE_ADDR', '192.0.2.7'],
    ['REMOTE_PORT', '4711'],
    ['SERVER_PORT', '80'],
    ...fields.map(
      ([name, text]) => [`HTTP_${name.toUpperCase().replaceAll('-', '_')}`, text] as const,
    ),
  ]);
  const isTooMuch = packet.length > 4096 || fields.length > 50;
  return isTooMuch ? null : Buffer.concat([packet, Buffer.from(body, 'latin1')]);
}

/** Method, target, version, the lines of fields, and the body. */
type Parts = [string, string, string, string, string];

function readFields(lines: string): (readonly [name: string, value: string])[] {
  return lines
    .split('\r\n')
    .slice(0, -1)
    .map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    });
}
