import type { CertificateStats } from '../../shared/stats.js';
import { duration } from '../../shared/units.js';
import { type Block, type Tone, UNKNOWN, words } from './block.js';
import { dayOf } from './day.js';
import { folded, nameColumns, roomBeside } from './folded.js';
import { sanitizeShort } from './sanitize.js';

/** From then on a certificate wants a look: those who renew by themselves do so before. */
const SOON = 21 * 86_400;

/** The certificates of `--https`, and until when clients take them. */
export function certificateBlock(
  certificates: readonly CertificateStats[],
  time: number | null,
  width: number,
): Block[] {
  if (certificates.length === 0) return [];
  const labels = nameColumns(
    certificates.map(({ address }) => address),
    width,
  );
  const room = roomBeside(labels, width);
  const rows = certificates.flatMap(({ address, file, names, not_after: end }) => {
    const left = time === null ? null : end - time;
    const shown = (names.length === 0 ? [file] : names).map((name) => sanitizeShort(name, 200));
    const [until, ...rest] = folded([validity(end, left), ...shown], room);
    const tone = toneOf(left);
    return [
      words(sanitizeShort(address, 200), until ?? '', tone),
      ...rest.map((line) => words('', line, tone)),
    ];
  });
  return [{ title: 'CERTIFICATES', labels, rows }];
}

function validity(end: number, left: number | null): string {
  const day = dayOf(end) ?? UNKNOWN;
  if (left === null) return `valid until ${day}`;
  return left > 0 ? `valid until ${day}, ${duration(left)} left` : `expired on ${day}`;
}

function toneOf(left: number | null): Tone {
  if (left === null || left > SOON) return 'normal';
  return left > 0 ? 'attention' : 'alarm';
}
