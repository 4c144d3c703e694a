/** A certificate and its time. */
export interface Dated {
  readonly file: string;
  /** Seconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

const DAY = 86_400;
/** Those who renew by themselves do so before. */
const MOST_DAYS = 21;
/** One that is made for a few days only is renewed late in them. */
const SHARE = 1 / 4;

/** What is to be said of certificates that are about to end, or have: of each once a day. */
export class EndWatch {
  /** What was said of each last: of which certificate, and how many days it had. */
  readonly #said = new Map<string, string>();

  /** Takes what an address shows now, and gives the sentences that are due; `now` is in seconds. */
  look(address: string, shown: readonly Dated[], now: number): readonly string[] {
    return shown.flatMap((one) => {
      const { file, notAfter } = one;
      if (!isNear(one, now)) return [];
      const days = Math.floor((notAfter - now) / DAY);
      const place = `${address} ${file}`;
      const said = `${notAfter} ${days}`;
      if (this.#said.get(place) === said) return [];
      this.#said.set(place, said);
      return [`--https ${address}: ${sentence(one, days)}`];
    });
  }
}

function isNear({ notBefore, notAfter }: Dated, now: number): boolean {
  return notAfter - now < Math.min(MOST_DAYS * DAY, (notAfter - notBefore) * SHARE);
}

function sentence({ file, notAfter }: Dated, days: number): string {
  const when = dayOf(notAfter);
  if (days < 0) {
    return `the certificate ${file} expired on ${when}: clients will refuse it until it is renewed`;
  }
  const left = days === 0 ? 'less than a day' : `${days} day${days === 1 ? '' : 's'}`;
  return `the certificate ${file} ends on ${when}, in ${left}: nobody has renewed it yet`;
}

/** `2026-11-26`, UTC. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
