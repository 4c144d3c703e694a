/** From then on a year has more than four digits. */
const LAST = Date.UTC(10_000, 0);

/** Seconds since 1970 as a day in UTC, `2026-11-25`; null for what is none, as a server may claim. */
export function dayOf(seconds: number): string | null {
  const ms = seconds * 1000;
  return ms >= 0 && ms < LAST ? new Date(ms).toISOString().slice(0, 10) : null;
}
