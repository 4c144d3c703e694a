import type { Slope } from '../../../shared/memory/theil-sen.js';
import type { WorkerMemory } from '../../../shared/memory/report.js';
import type { MemoryReport } from '../../../shared/memory/report.js';

/** A report with what belongs around it. */
export interface TitledReport {
  readonly report: MemoryReport;
  /** As the user wrote it: an address, or a file. */
  readonly address: string;
  /** When the newest point was taken, seconds since 1970. */
  readonly time: number;
  /** Sentences about what is not known. */
  readonly missing: readonly string[];
}

const MB = 1024 * 1024;
const KB = 1024;

/** A slope in units for people, with the bounds between which the true one is. */
export interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Bytes a second as MB an hour. */
export function megabytesAnHour(slope: Slope | null): Figure | null {
  return scaled(slope, 3600 / MB);
}

/** Bytes a request as KB for a thousand of them. */
export function kilobytesAThousand(slope: Slope | null): Figure | null {
  return scaled(slope, 1000 / KB);
}

function scaled(slope: Slope | null, factor: number): Figure | null {
  if (slope === null) return null;
  const { slope: value, low, high } = slope;
  return { value: tidy(value * factor), low: tidy(low * factor), high: tidy(high * factor) };
}

/** Hundredths are more than anybody can measure; there is no minus zero. */
function tidy(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}

/** `+96.0`, with its sign. */
export function signedNumber(value: number): string {
  const digits = Math.abs(value) < 99.95 ? 1 : 0;
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value < 0 ? '-' : '+'}${text}`;
}

/** A word on where memory grows, as it stands in tables. */
export function verdictText({ verdict, where }: Pick<WorkerMemory, 'verdict' | 'where'>): string {
  return where === null ? verdict : `${verdict} ${where}`;
}

/** The bounds of a figure: `+92.0..+100`. */
export function bandText({ low, high }: Pick<Figure, 'low' | 'high'>): string {
  return `${signedNumber(low)}..${signedNumber(high)}`;
}
