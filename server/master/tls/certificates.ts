import type { Problem } from '../../../shared/problem.js';
import { ok, type Result } from '../../../shared/result.js';
import type { CertificateStats } from '../../../shared/stats.js';
import type { Log } from '../../log.js';
import type { HttpsAddress } from '../../options/https.js';
import type { Credentials } from '../../wire/credentials.js';
import type { CertificateNews } from '../decide/certificate-news.js';
import { watchFiles } from '../triggers/file-watch.js';
import { dayOf, EndWatch } from './ending.js';
import { readCredentials, type ReadCredentials } from './read-credentials.js';
import { TicketKeys, type TicketSecret } from './ticket-keys.js';

/** The certificates and keys of all `--https` addresses, as they are now. */
export interface Certificates {
  /** What is shown on an address, as it was written. */
  of(address: string): Credentials | null;
  /** For the stats: all that clients are shown now. */
  shown(): readonly CertificateStats[];
  /**
   * Reads the files again where they have changed; what cannot be used leaves what was there. Tells
   * of certificates that are about to end, too.
   */
  renew(): void;
  /** What the master that follows this one needs to resume the sessions of clients; a secret. */
  leaveTickets(): TicketSecret | null;
  /** Resumes the sessions of the master before this one. */
  inheritTickets(secret: TicketSecret): void;
  /** Tells what happens to the credentials, until `stop`. */
  watch(listener: CertificateListener): void;
  stop(): void;
}

/** Who is told what happens to certificates. */
export interface CertificateListener {
  /** What clients are to be shown is another. */
  readonly onChange: () => void;
  readonly onNews: (news: CertificateNews) => void;
}

/** Days are counted more often than once a day, since a machine may sleep. */
const LOOK_MS = 3600 * 1000;

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
): Result<Certificates, Problem> {
  if (addresses.length === 0) return ok(NO_CERTIFICATES);
  const held = new Map<string, ReadCredentials>();
  for (const address of addresses) {
    const read = readCredentials(address, Date.now());
    if (!read.ok) return read;
    for (const warning of read.value.warnings) log(warning, 'warn');
    held.set(address.address, read.value);
  }
  return ok(new CertificateStore(addresses, held));
}

class CertificateStore implements Certificates {
  readonly #addresses: readonly HttpsAddress[];
  readonly #held: Map<string, ReadCredentials>;
  readonly #stops: (() => void)[] = [];
  readonly #tickets = new TicketKeys();
  /** What was last found wrong with each address, so that it is told once. */
  readonly #told = new Map<string, string>();
  readonly #ends = new EndWatch();
  #listener: CertificateListener | null = null;

  constructor(addresses: readonly HttpsAddress[], held: Map<string, ReadCredentials>) {
    this.#addresses = addresses;
    this.#held = held;
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
      shown.map(({ file, names, not_after }) => ({ address, file, names, not_after })),
    );
  }

  renew(): void {
    let isChanged = false;
    for (const address of this.#addresses) isChanged = this.#renewOne(address) || isChanged;
    if (isChanged) this.#listener?.onChange();
    this.#lookForEnds();
  }

  leaveTickets(): TicketSecret {
    return this.#tickets.leave();
  }

  inheritTickets(secret: TicketSecret): void {
    this.#tickets.inherit(secret);
  }

  watch(listener: CertificateListener): void {
    this.#listener = listener;
    const watch = watchFiles(() => {
      this.renew();
    });
    watch.add(
      this.#addresses.flatMap(({ pairs, clientCa }) => [
        ...pairs.flatMap(({ cert, key }) => [cert, key]),
        ...(clientCa === null ? [] : [clientCa]),
      ]),
    );
    this.#tickets.watch(listener.onChange);
    const looking = setInterval(() => {
      this.#lookForEnds();
    }, LOOK_MS).unref();
    this.#stops.push(watch.stop, () => {
      this.#tickets.stop();
      clearInterval(looking);
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
        const text = `${read.error}; clients are shown the certificate from before`;
        this.#listener?.onNews({ what: 'refused', address, text });
      }
      this.#told.set(address, read.error);
      return false;
    }
    this.#told.delete(address);
    if (JSON.stringify(read.value) === JSON.stringify(this.#held.get(address))) return false;
    this.#held.set(address, read.value);
    this.#listener?.onNews({ what: 'renewed', address, text: renewal(address, read.value) });
    return true;
  }

  #lookForEnds(): void {
    for (const [address, { shown }] of this.#held) {
      const dated = shown.map(({ file, notBefore, not_after: notAfter }) => {
        return { file, notBefore, notAfter };
      });
      for (const text of this.#ends.look(address, dated, Date.now() / 1000)) {
        this.#listener?.onNews({ what: 'ends', address, text });
      }
    }
  }
}

/** What is shown from now on, and what is not right about it. */
function renewal(address: string, { shown, warnings }: ReadCredentials): string {
  const until = dayOf(Math.min(...shown.map(({ not_after: end }) => end)));
  return [`--https ${address}: certificate renewed, valid until ${until}`, ...warnings].join('; ');
}
