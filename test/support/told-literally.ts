import { packetOf } from './uwsgi-packet.js';

/**
 * The packet and the body that a web server without any judgement makes of a request: what stands
 * there becomes a variable, whatever it is. So that a fault of the request is one of the packet.
 */
export function toldLiterally(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  // A line that begins with white space belongs to the one before it.
  const [first = '', ...lines] = text.slice(0, Math.max(0, end)).split(/\r\n(?![ \t])/);
  const [start = '', ...folded] = first.split('\r\n');
  const [method, target, protocol] = wordsOf(start);
  const packet = packetOf([
    ['REQUEST_METHOD', method],
    ['REQUEST_URI', target],
    ['SERVER_PROTOCOL', protocol],
    ['REMOTE_ADDR', '192.0.2.7'],
    ...[...folded, ...lines].map(variableOf),
  ]);
  return Buffer.concat([packet, Buffer.from(text.slice(end + 4), 'latin1')]);
}

/** What is before the first blank, behind the last one, and between them. */
function wordsOf(start: string): [method: string, target: string, protocol: string] {
  const words = start.split(' ');
  if (words.length < 3) return [words[0] ?? '', words[1] ?? '', ''];
  return [words[0] ?? '', words.slice(1, -1).join(' '), words.at(-1) ?? ''];
}

function variableOf(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ +| +$/g, '');
  const written = name.replace(/[a-z]/g, (letter) => letter.toUpperCase()).replaceAll('-', '_');
  const isOfBody = written === 'CONTENT_LENGTH' || written === 'CONTENT_TYPE';
  return [isOfBody ? written : `HTTP_${written}`, value];
}
