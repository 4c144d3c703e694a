import { ok, type Result } from '../../../shared/result.js';
import type { CertificateStats } from '../../../shared/stats.js';
import type { Log } from '../../log.js';
import type { HttpsAddress } from '../../options/https.js';
import type { Credentials } from '../../wire/credentials.js';
import { watchFiles } from '../triggers/file-watch.js';
import { readCredentials, type ReadCredentials } from './read-credentials.js';
import { TicketKeys, type TicketSecret } from './ticket-keys.js';

/** The certificates and keys of all `--https` addresses, as they are now. */
export interface Certificates {
  /** What is shown on an address, as it was written. */
  of(address: string): Credentials | null;
  /** For the stats: all that clients are shown now. */
  shown(): readonly CertificateStats[];
  /** Reads the files again where they have changed; what cannot be used leaves what was there. */
  renew(): void;
  /** What the master that follows this one needs to resume the sessions of clients; a secret. */
  leaveTickets(): TicketSecret | null;
  /** Resumes the sessions of the master before this one. */
  inheritTickets(secret: TicketSecret): void;
  /** Calls `onChange` when credentials have changed, until `stop`. */
  watch(onChange: () => void): void;
  stop(): void;
}

/** Without `--https` there are none. */
export const NO_CERTIFICATES: Certificates = {
  of: () => null,
  shown: () => [],
  renew: () => undefined,
  leaveTickets: () => null,
  inheritTickets: () => undefined,
  watch: () => undefined,
  stop: () => undefined,
};

/**
 * Reads what is to be shown on each address. Keys stay in this process and those of the routers;
 * the error is the first problem, before anything is bound.
 */
export function openCertificates(
  addresses: readonly HttpsAddress[],
  log: Log,
): Result<Certificates, string> {
  if (addresses.length === 0) return ok(NO_CERTIFICATES);
  const held = new Map<string, ReadCredentials>();
  for (const address of addresses) {
    const read = readCredentials(address, Date.now());
    if (!read.ok) return read;
    for (const warning of read.value.warnings) log(warning, 'warn');
    held.set(address.address, read.value);
  }
  return ok(new CertificateStore(addresses, held, log));
}

class CertificateStore implements Certificates {
  readonly #addresses: readonly HttpsAddress[];
  readonly #held: Map<string, ReadCredentials>;
  readonly #log: Log;
  readonly #stops: (() => void)[] = [];
  readonly #tickets = new TicketKeys();
  /** What was last found wrong with each address, so that it is told once. */
  readonly #told = new Map<string, string>();
  #onChange: () => void = () => undefined;

  constructor(addresses: readonly HttpsAddress[], held: Map<string, ReadCredentials>, log: Log) {
    this.#addresses = addresses;
    this.#held = held;
    this.#log = log;
  }

  of(address: string): Credentials | null {
    const held = this.#held.get(address);
    if (held === undefined) return null;
    const { pairs, clientCa } = held;
    // A ticket of one address must not open another one, which may ask its clients who they are.
    return { pairs, clientCa, ticketKeys: this.#tickets.of(`${address} ${clientCa ?? ''}`) };
  }

  shown(): readonly CertificateStats[] {
    return [...this.#held].flatMap(([address, { shown }]) =>
      shown.map((certificate) => ({ address, ...certificate })),
    );
  }

  renew(): void {
    let isChanged = false;
    for (const address of this.#addresses) isChanged = this.#renewOne(address) || isChanged;
    if (isChanged) this.#onChange();
  }

  leaveTickets(): TicketSecret {
    return this.#tickets.leave();
  }

  inheritTickets(secret: TicketSecret): void {
    this.#tickets.inherit(secret);
  }

  watch(onChange: () => void): void {
    this.#onChange = onChange;
    const watch = watchFiles(() => {
      this.renew();
    });
    watch.add(
      this.#addresses.flatMap(({ pairs, clientCa }) => [
        ...pairs.flatMap(({ cert, key }) => [cert, key]),
        ...(clientCa === null ? [] : [clientCa]),
      ]),
    );
    this.#tickets.watch(onChange);
    this.#stops.push(watch.stop, () => {
      this.#tickets.stop();
    });
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
  }

  #renewOne(wanted: HttpsAddress): boolean {
    const { address } = wanted;
    const read = readCredentials(wanted, Date.now());
    if (!read.ok) {
      if (this.#told.get(address) !== read.error) {
        this.#log(`${read.error}; clients are shown the certificate from before`, 'error');
      }
      this.#told.set(address, read.error);
      return false;
    }
    this.#told.delete(address);
    if (JSON.stringify(read.value) === JSON.stringify(this.#held.get(address))) return false;
    for (const warning of read.value.warnings) this.#log(warning, 'warn');
    this.#held.set(address, read.value);
    this.#log(`*** --https ${address}: certificate renewed ***`);
    return true;
  }
}
