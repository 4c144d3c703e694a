import type { TextFormat } from './exposition.js';

/** The versions of OpenMetrics that our text is valid in. */
const OPENMETRICS_VERSIONS = ['0.0.1', '1.0.0'];

/** A media range of `Accept` (RFC 9110 §12.5.1). */
interface MediaRange {
  readonly type: string;
  readonly version: string | undefined;
  readonly quality: number;
}

/**
 * Chooses the format by an `Accept` field. OpenMetrics is for who names it and wants it at least as
 * much as the older text: a browser, `curl` and old scrapers, which say any type or nothing, get
 * what they can read. Who wants neither gets the text all the same.
 */
export function chooseFormat(accept: string | undefined): TextFormat {
  const ranges = (accept ?? '').split(',').map(readRange);
  const best = (wanted: (range: MediaRange) => boolean): number =>
    Math.max(0, ...ranges.filter(wanted).map(({ quality }) => quality));
  const openmetrics = best(isOpenMetrics);
  // What names the text itself counts before what means any type.
  const named = ranges.filter(({ type }) => type === 'text/plain');
  const text =
    named.length > 0
      ? best(isText)
      : best(({ type }) => type === 'text/*') || best(({ type }) => type === '*/*');
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text';
}

function isOpenMetrics({ type, version }: MediaRange): boolean {
  if (type !== 'application/openmetrics-text') return false;
  return version === undefined || OPENMETRICS_VERSIONS.includes(version);
}

function isText({ type, version }: MediaRange): boolean {
  return type === 'text/plain' && (version === undefined || version === '0.0.4');
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const parameter = (name: string): string | undefined =>
    parameters
      .find((each) => each.startsWith(`${name}=`))
      ?.slice(name.length + 1)
      .replaceAll('"', '');
  return { type, version: parameter('version'), quality: qualityOf(parameter('q')) };
}

/** A weight that is none counts as not wanted. */
function qualityOf(text: string | undefined): number {
  if (text === undefined) return 1;
  return /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
