import { grouped } from '../../shared/units.js';
import type { DecodedDocument } from '../../shared/stats.js';
import { sanitizeShort } from '../model/sanitize.js';
import { routerName, type Workerless } from '../model/without-workers.js';
import type { Line } from './frame.js';
import { labelled } from './header-pieces.js';
import { type Piece, span } from './text.js';

/** What answers when it has no workers, and what of it matters most. */
export interface WorkerlessHeader {
  readonly left: readonly Piece[];
  readonly right: readonly Piece[];
  /** Lines for a terminal that has room for nothing else. */
  readonly tiny: readonly Line[];
}

/** The header's pieces for a document without a list of workers; null for any other. */
export function workerlessHeader(document: DecodedDocument | undefined): WorkerlessHeader | null {
  if (document === undefined || document.kind === 'instance') return null;
  return document.kind === 'emperor' ? emperorHeader(document) : routerHeader(document);
}

function emperorHeader({ emperor }: Extract<Workerless, { kind: 'emperor' }>): WorkerlessHeader {
  const { vassals, version } = emperor;
  const title = `Emperor, ${vassals.length} vassal${vassals.length === 1 ? '' : 's'}`;
  return {
    left: [titled(title), versioned(version)],
    right: [],
    tiny: [
      [span(title)],
      ...vassals.map(({ id, pid }): Line => [span(`${pid} ${sanitizeShort(id, 60)}`)]),
    ],
  };
}

function routerHeader({ router }: Extract<Workerless, { kind: 'router' }>): WorkerlessHeader {
  const { addresses, active_sessions: sessions, cheap = 0, subscriptions, version } = router;
  const nodes = (subscriptions ?? []).flatMap((one) => one.nodes ?? []);
  const troubled = nodes.filter(({ failcnt = 0, death_mark: death = 0 }) => failcnt + death > 0);
  const [place] = addresses;
  const failing: Piece[] =
    troubled.length === 0
      ? []
      : [labelled('nodes in trouble', String(troubled.length), 'attention', 0)];
  const figures = [
    ...(sessions === undefined
      ? []
      : [labelled('sessions', grouped(sessions), sessions === 0 ? 'dim' : 'bright', 1)]),
    ...(subscriptions === undefined
      ? []
      : [labelled('nodes', String(nodes.length), nodes.length === 0 ? 'alarm' : 'normal', 2)]),
    ...failing,
    ...(cheap > 0 ? [{ line: [span('cheap', 'attention')], rank: 2 }] : []),
  ];
  const at = place === undefined ? [] : [{ line: [span(`at ${safe(place)}`, 'dim')], rank: 5 }];
  return {
    left: [titled(`uWSGI ${routerName(router)}`), versioned(version), ...at],
    right: figures,
    tiny: [[span(`uWSGI ${routerName(router)}`)], ...figures.map(({ line }) => line)],
  };
}

const titled = (title: string): Piece => ({ line: [span(title, 'title')], rank: 1 });

const versioned = (version = ''): Piece => ({
  line: [span(`uWSGI ${safe(version)}`.trim(), 'dim')],
  rank: 6,
});

const safe = (text: string): string => sanitizeShort(text, 60);
