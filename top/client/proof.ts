import { createHmac } from 'node:crypto';
import path from 'node:path';
import { parseAddress, type Address } from '../../shared/address.js';
import { authPayload, type AuthMessage, type HelloMessage } from '../../shared/protocol.js';
import type { ControlRefusal, KeyFile, Role } from '../../shared/protocol.js';
import { err, ok, type Result } from '../../shared/result.js';
import { type FoundKey, readKeyFile, type KeySource } from './key-file.js';

/** The connection that a proof is for. */
export interface ProofFor {
  readonly hello: HelloMessage;
  /** What was dialled. */
  readonly dialled: Address;
  /** The far end as connected, as `formatAddress` writes it. */
  readonly remote: string;
  /** 32 random bytes, hex. */
  readonly nonce: string;
}

/** What to do about it where the server says that control is not to be had. */
const REFUSED: Readonly<Record<ControlRefusal, string>> = {
  'read-only': 'the server runs with --stats-read-only',
  'needs-tls':
    'control needs a unix socket or loopback, a tunnel to one, or wss:// to an address of --stats-tls',
  'no-key':
    'the server has no folder for its key: its log says why; XDG_RUNTIME_DIR must be private to its user',
};

/**
 * The answer to a server's challenge for `wanted`, or for the role that the key gives where that is
 * less; or in one sentence why there is none. A hostile server could pass on the challenge of
 * another master and use our answer there; so a key that was found is used only when the address we
 * are connected to is one that its own master bound. Of one that the user named the server sees to
 * it: it takes no proof that was made for an address which is none of its own.
 */
export function prove(source: KeySource, to: ProofFor, wanted: Role): Result<AuthMessage, string> {
  const { hello, nonce } = to;
  if (hello.control === 'needs-tls') return err(REFUSED[hello.control]);
  const key = readKeyFile(source, hello.boot_id);
  if (!key.ok) return hello.control === null ? key : err(REFUSED[hello.control]);
  const role = key.value.role === 'read' ? 'read' : wanted;
  if (role === 'operate' && hello.control !== null) return err(REFUSED[hello.control]);
  const address = addressFor(key.value, source, to);
  if (!address.ok) return address;
  const payload = authPayload({
    role,
    bootId: hello.boot_id,
    serverNonce: hello.nonce,
    clientNonce: nonce,
    address: address.value,
  });
  const mac = createHmac('sha256', Buffer.from(key.value.key, 'hex')).update(payload).digest('hex');
  return ok({ type: 'auth', role, nonce, address: address.value, mac });
}

/** The address of the server that a proof is made for. */
function addressFor(key: FoundKey, source: KeySource, to: ProofFor): Result<string, string> {
  if (key.role === 'read') return ok(to.remote);
  const bound = key.addresses.find((each) => isSamePlace(each, to));
  const address = bound ?? (source.keyFile === undefined ? undefined : key.addresses[0]);
  return address === undefined ? err(elsewhere(key, to.remote)) : ok(address);
}

function elsewhere(key: KeyFile, remote: string): string {
  const listed = key.addresses.join(', ');
  return `the server on ${remote} names a key of an instance on ${listed}: give --key-file if they are the same`;
}

/** Whether an address that the master bound is the one we are connected to. */
function isSamePlace(bound: string, { dialled, remote }: ProofFor): boolean {
  if (dialled.kind === 'unix') {
    // A relative path would mean another file in every folder.
    return path.isAbsolute(bound) && path.resolve(bound) === path.resolve(dialled.path);
  }
  return bound === remote || (dialled.kind === 'tcp' && isWildcardOf(bound, remote));
}

/** A wildcard covers loopback: nobody else can listen on that port there at the same time. */
function isWildcardOf(bound: string, remote: string): boolean {
  const wide = parseAddress(bound);
  const here = parseAddress(remote);
  if (!wide.ok || !here.ok || wide.value.kind !== 'tcp' || here.value.kind !== 'tcp') return false;
  if (wide.value.port !== here.value.port) return false;
  const loopback = here.value.host === '::1' ? 'v6' : here.value.host.startsWith('127.') && 'v4';
  if (wide.value.host === '0.0.0.0') return loopback === 'v4';
  return wide.value.host === '::' && loopback !== false;
}
