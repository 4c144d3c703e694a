import type { DecodedInstance } from '../../shared/stats.js';
import type { Report, Told } from './event-source.js';
import { sanitizeShort } from './sanitize.js';

/** What of a document is configuration: it changes with a reload, an upgrade or a restart only. */
const SETTINGS: readonly (readonly [
  name: string,
  of: (instance: DecodedInstance) => string | undefined,
])[] = [
  ['version', ({ version }) => version],
  ['node', ({ node }) => node],
  ['name', ({ name }) => name],
  ['async', ({ async }) => (async === undefined ? undefined : String(async))],
  ['workers', ({ workers }) => (workers.length === 0 ? undefined : String(workers.length))],
  ['sockets', ({ sockets }) => sockets?.map(({ name }) => name).join(', ')],
  ['folder', ({ cwd }) => cwd],
];

/**
 * The settings that differ, as one event; a setting that a document leaves out is not a change. A master
 * that reads its configuration again tells itself what it takes of it.
 */
export function configChanges(later: Report, earlier: Report): Told[] {
  const isSameMaster = later.instance.boot_id === earlier.instance.boot_id;
  if (later.instance.config !== undefined && isSameMaster) return [];
  const changed = SETTINGS.flatMap(([name, of]) => {
    const now = of(later.instance);
    const before = of(earlier.instance);
    if (now === undefined || before === undefined || now === before) return [];
    const [from, to] = [before, now].map((value) => sanitizeShort(value, 100) || '(empty)');
    return [[name, `${from} -> ${to}`] as const];
  });
  if (changed.length === 0) return [];
  return [
    {
      key: `config/${later.at}/${changed.map((pair) => pair.join(' ')).join('/')}`,
      kind: 'config',
      text: changed.map(([name, change]) => `${name} ${change}`).join(', '),
      details: changed,
    },
  ];
}
