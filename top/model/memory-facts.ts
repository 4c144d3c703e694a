import { bytes, duration } from '../../shared/units.js';
import { type Block, row, type Row, words } from './block.js';
import { measured } from './measured.js';
import { reachesOf } from './memory-limit.js';
import { type Parts, partsOf, PARTS } from './memory-parts.js';
import { verdictOf } from './memory-verdict.js';
import type { Model } from './model.js';
import type { WorkerRow } from './rows.js';

const LABELS = 9;

/** What the memory of one worker is made of, and where it leads. */
export function memoryFacts(model: Model, of: WorkerRow): Block {
  const { worker } = of;
  const parts = partsOf(worker);
  const reach = reachesOf(model, of);
  const rows = [
    verdictRow(model, of),
    ...(reach === null
      ? []
      : [
          words(
            'reaches',
            `${reach.limit} ${bytes(reach.bytes)} in ${duration(reach.inS)}`,
            'attention',
          ),
        ]),
    ...(parts === null ? [] : partRows(parts, measured(worker.rss) ?? 0)),
    ...heapRow(worker.heap_used, worker.heap_limit),
    ...row('pss', worker.pss, bytes),
    ...((worker.swap ?? 0) > 0 ? row('swapped', worker.swap, bytes, 'attention') : []),
  ];
  const who = worker.pid === 0 ? 'without a process' : `pid ${worker.pid}`;
  return { title: `WORKER ${worker.id}, ${who}`, labels: LABELS, rows };
}

function verdictRow(model: Model, of: WorkerRow): Row {
  const growth = verdictOf(model, of);
  if (growth === null) return words('verdict', '–', 'dim');
  const { verdict, where } = growth;
  const tone = verdict === 'leak' ? 'alarm' : verdict === 'suspect' ? 'attention' : 'normal';
  return words('verdict', where === null ? verdict : `${verdict}, of ${where} memory`, tone);
}

function partRows(parts: Parts, rss: number): Row[] {
  return PARTS.flatMap((part): Row[] => {
    const size = parts[part];
    if (size === null) return [];
    const share = rss > 0 ? size / rss : 0;
    const text = `${bytes(size)}, ${Math.round(100 * share)} %`;
    return [{ label: part, text, tone: 'normal', share }];
  });
}

function heapRow(used: number | undefined, limit: number | undefined): Row[] {
  const [part, whole] = [measured(used), measured(limit)];
  if (part === null || whole === null) return [];
  return [words('of limit', `${Math.round((100 * part) / whole)} % of the heap's ${bytes(whole)}`)];
}
