import type { DecodedInstance, DecodedRouter } from '../../shared/stats.js';
import { grouped } from '../../shared/units.js';
import { sameBoot } from '../model/rates.js';
import { type Reading, readingTime } from '../model/reading.js';
import { sanitizeShort } from '../model/sanitize.js';
import { totalsOf, totalWaiting } from '../model/totals.js';
import { isRoutersAlone } from '../model/routers-alone.js';
import { backEndChanges, routersAndBackEnds } from './plain-back-ends.js';
import { workerChanges } from '../model/worker-changes.js';
import { WORKER_KINDS } from '../model/worker-state.js';
import { rate } from './columns.js';
import { timeOfDay } from './time-of-day.js';
import { routerChanges, routerOpening } from './plain-router.js';

/** A rate is spoken of again when it has changed by more than a tenth: it never stands still. */
const WORTH_SAYING = 0.1;

/**
 * Readings as sentences for a screen reader or a log: how things stand first, then only what
 * changed, and nothing where nothing did. Each line begins with the time.
 */
export function plainReport(): (reading: Reading) => string {
  let before: DecodedInstance | null = null;
  let router: DecodedRouter | null = null;
  let spoken: number | null = null;
  return (reading) => {
    const { document, rates } = reading;
    if (document.kind === 'emperor') return '';
    if (document.kind === 'router') {
      const { router: now } = document;
      const told = router === null ? routerOpening(now) : routerChanges(router, now);
      router = now;
      return timed(told, reading);
    }
    const { instance } = document;
    const sentences: readonly string[] =
      before === null ? [opening(instance)] : changes(before, instance);
    const speed = rates.rps !== null && isNews(spoken, rates.rps) ? rates.rps : null;
    if (speed !== null) spoken = speed;
    before = instance;
    const last = speed === null ? [] : [`requests ${rate(speed)}/s`];
    return timed([...sentences, ...last], reading);
  };
}

function timed(sentences: readonly string[], reading: Reading): string {
  const time = timeOfDay(readingTime(reading));
  return sentences.map((sentence) => `${time} ${sentence}\n`).join('');
}

function isNews(spoken: number | null, now: number): boolean {
  if (spoken === null) return true;
  return rate(now) !== rate(spoken) && Math.abs(now - spoken) > WORTH_SAYING * spoken;
}

function opening(instance: DecodedInstance): string {
  const totals = totalsOf(instance);
  const who = [
    sanitizeShort(instance.name ?? '', 100),
    `${sanitizeShort(instance.server ?? 'uWSGI', 40)} ${sanitizeShort(instance.version ?? '', 40)}`,
  ]
    .map((word) => word.trim())
    .filter(Boolean);
  const kinds = WORKER_KINDS.flatMap((kind) => {
    const many = totals.kinds.get(kind);
    return many === undefined ? [] : [`${many} ${kind}`];
  });
  const processes = isRoutersAlone(instance)
    ? routersAndBackEnds(instance)
    : [`${totals.workers} worker${totals.workers === 1 ? '' : 's'}`];
  const requests = totals.requests === null ? [] : [`${grouped(totals.requests)} requests so far`];
  return `${who.join(', ')}: ${[...processes, ...kinds, ...requests].join(', ')}`;
}

function changes(before: DecodedInstance, now: DecodedInstance): readonly string[] {
  if (!sameBoot(before, now)) return [`the server was started anew. ${opening(now)}`];
  return [
    ...reloadChange(before, now),
    ...workerChanges(before, now),
    ...backEndChanges(before, now),
    ...queueChange(before, now),
  ];
}

function reloadChange(before: DecodedInstance, now: DecodedInstance): readonly string[] {
  const was = before.reload?.state;
  const { reload } = now;
  if (reload === undefined || was === undefined || was === reload.state) return [];
  switch (reload.state) {
    case 'running':
      return [`a reload of ${reload.total} workers began`];
    case 'done':
      return [`the reload is done: ${reload.replaced} of ${reload.total} workers replaced`];
    case 'abandoned':
      return [`the reload was abandoned: ${sanitizeShort(reload.reason, 300)}`];
    case 'none':
      return [];
  }
}

/** Only whether anybody waits: how many do changes all the time. */
function queueChange(before: DecodedInstance, now: DecodedInstance): readonly string[] {
  const was = totalWaiting(before);
  const is = totalWaiting(now);
  if (was === null || is === null || was > 0 === is > 0) return [];
  if (is === 0) return ['nothing waits any more'];
  return [`${grouped(is)} ${is === 1 ? 'request waits' : 'requests wait'} for a worker`];
}
