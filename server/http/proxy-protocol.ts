import net from 'node:net';

/** Who is at the other end, as a proxy tells; null: the proxy speaks for itself. */
export interface ProxiedPeer {
  readonly address: string;
  readonly port: number;
}

export type ProxyHeader =
  | { readonly type: 'more' }
  | { readonly type: 'faulty' }
  /** `length` bytes are the header; what follows them is the client's. */
  | { readonly type: 'read'; readonly length: number; readonly peer: ProxiedPeer | null };

const MORE = { type: 'more' } as const;
const FAULTY = { type: 'faulty' } as const;

/** A whole line of version 1, its CR LF included (HAProxy's proxy-protocol.txt §2.1). */
const MAX_LINE = 107;
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const FIXED_LENGTH = 16;
/** Addresses of unix sockets and a few fields of TLS; the protocol would allow 64 KiB. */
const MAX_BLOCK = 4_096;

/**
 * Reads the header that a proxy sends before the bytes of its client, version 1 or 2, strictly; from
 * a beginning of any length. What is no header is faulty: a peer that speaks the protocol always
 * does.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const start = bytes.subarray(0, SIGNATURE.length);
  if (start.equals(SIGNATURE.subarray(0, start.length))) return readBinary(bytes);
  return readLine(bytes);
}

function readLine(bytes: Buffer): ProxyHeader {
  const prefix = 'PROXY ';
  if (!prefix.startsWith(bytes.toString('latin1', 0, Math.min(bytes.length, prefix.length)))) {
    return FAULTY;
  }
  const end = bytes.indexOf('\r\n');
  if (end < 0) return bytes.length >= MAX_LINE ? FAULTY : MORE;
  const length = end + 2;
  if (length > MAX_LINE) return FAULTY;
  const line = bytes.toString('latin1', 0, end);
  if (/^PROXY UNKNOWN(?: [\x20-\x7e]*)?$/.test(line)) return { type: 'read', length, peer: null };
  const peer = peerOf(line);
  return peer === null ? FAULTY : { type: 'read', length, peer };
}

function peerOf(line: string): ProxiedPeer | null {
  const match = /^PROXY TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})$/.exec(line);
  if (match === null) return null;
  const [, version, source = '', destination = '', port = '', otherPort = ''] = match;
  const isAddress = version === '4' ? net.isIPv4 : net.isIPv6;
  const isValid =
    [source, destination].every((each) => isAddress(each)) && [port, otherPort].every(isPort);
  return isValid ? { address: source, port: Number(port) } : null;
}

function isPort(text: string): boolean {
  return (text === '0' || !text.startsWith('0')) && Number(text) <= 65_535;
}

function readBinary(bytes: Buffer): ProxyHeader {
  if (bytes.length < FIXED_LENGTH) return MORE;
  const command = bytes.readUInt8(12);
  const family = bytes.readUInt8(13);
  const block = bytes.readUInt16BE(14);
  if ((command !== 0x20 && command !== 0x21) || block > MAX_BLOCK) return FAULTY;
  const length = FIXED_LENGTH + block;
  if (bytes.length < length) return MORE;
  // LOCAL: the proxy asks for itself, a health check for instance.
  if (command === 0x20) return { type: 'read', length, peer: null };
  const body = bytes.subarray(FIXED_LENGTH, length);
  if (family === 0x11) return withPeer(length, body, 4);
  if (family === 0x21) return withPeer(length, body, 16);
  // Unknown and unix: nothing that is an address here; UDP cannot have come over this connection.
  return family === 0x00 || family === 0x31 ? { type: 'read', length, peer: null } : FAULTY;
}

function withPeer(length: number, body: Buffer, size: 4 | 16): ProxyHeader {
  if (body.length < 2 * size + 4) return FAULTY;
  const address = size === 4 ? [...body.subarray(0, 4)].join('.') : ipv6(body);
  return { type: 'read', length, peer: { address, port: body.readUInt16BE(2 * size) } };
}

/** As Node writes an address of a peer, so that lists of addresses compare. */
function ipv6(body: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => body.readUInt16BE(2 * index).toString(16));
  return new net.SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}
