import { NEW_MASTER } from '../../../shared/option-help.js';
import type { ConfigState } from './config-state.js';
import type { ConfiguredEvent, ConfigRefusal, MasterEffect, MasterEvent } from './events.js';
import { withEvent } from './kept-events.js';
import { type Decision, log } from './process.js';
import { onReload } from './reload.js';
import { cheapenAbove, minimum, resize } from './scale.js';
import { emptySlot } from './slots.js';
import { active, type MasterState } from './state.js';

/** A reload with what it has read: processes that it starts are new in both. */
export function onRenewedReload(
  state: MasterState,
  event: Extract<MasterEvent, { type: 'reload' }>,
  now: number,
): Decision {
  const { renewed } = event;
  if (renewed === undefined) return onReload(state, event, now);
  const [known, news] =
    renewed.type === 'configured'
      ? onConfigured(state, renewed, now)
      : onConfigRefused(state, renewed, now);
  const [reloading, effects] = onReload(known, event, now);
  return [reloading, [...news, ...effects]];
}

/** The configuration was read again: from now on its settings hold, and so many workers are wanted. */
export function onConfigured(state: MasterState, event: ConfiguredEvent, now: number): Decision {
  if (state.phase !== 'running') return [state, []];
  const { files, changed, pending, problem } = event;
  const config: ConfigState = {
    ...(problem === undefined
      ? { files, changed, pending, problems: [], readAt: now, takenAt: now }
      : { ...state.config, changed: [], problems: [problem], takenAt: now }),
  };
  const [resized, effects] = withWorkers({ ...state, config }, event, now);
  const told = problem === undefined ? news(state, event, now) : reverted(event, problem, now);
  return [told.kept.reduce(withEvent, resized), [...told.lines, ...effects]];
}

/** What was read cannot be used: all stays as it is. */
function onConfigRefused(state: MasterState, { problems }: ConfigRefusal, now: number): Decision {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  const [first = '', ...others] = problems;
  const text = `refused: ${first}${others.length === 0 ? '' : ` · ${others.length} more`}`;
  const config = { ...state.config, problems: some(problems, MOST_KEPT), readAt: now };
  const event = { kind: 'config-refused', subject: 'configuration', at: now };
  return [
    withEvent({ ...state, config }, { ...event, text }),
    [
      ...problems.map((problem) => log(`configuration: ${problem}`, 'error')),
      log(`*** the configuration cannot be used, the one from before holds: ${count} ***`, 'error'),
    ],
  ];
}

/** A file can hold any number of mistakes; all of them are in the log. */
const MOST_KEPT = 50;
/** So many are told in one sentence. */
const MOST_TOLD = 5;

function some(texts: readonly string[], most: number): readonly string[] {
  if (texts.length <= most) return texts;
  return [...texts.slice(0, most), `and ${texts.length - most} more`];
}

function listed(texts: readonly string[]): string {
  return some(texts, MOST_TOLD).join('; ');
}

/** What is to be said, and what of it is kept for the stats. */
interface News {
  readonly lines: readonly MasterEffect[];
  readonly kept: MasterState['events'];
}

function news(
  { config: before }: MasterState,
  { changed, pending }: ConfiguredEvent,
  now: number,
): News {
  const isNew = pending.join('\n') !== before.pending.join('\n');
  const kept = { subject: 'configuration', at: now };
  return {
    lines: [
      ...changed.map((change) => log(`configuration: ${change}`)),
      ...pending.map((change) => log(`configuration: ${change} takes ${NEW_MASTER}`, 'warn')),
    ],
    kept: [
      ...(changed.length === 0 ? [] : [{ ...kept, kind: 'config-changed', text: listed(changed) }]),
      ...(pending.length === 0 || !isNew
        ? []
        : [{ ...kept, kind: 'config-pending', text: `${listed(pending)} · takes ${NEW_MASTER}` }]),
    ],
  };
}

function reverted({ changed }: ConfiguredEvent, problem: string, now: number): News {
  const text = `the configuration from before holds again: ${problem}`;
  return {
    lines: [
      log(`*** ${text} ***`, 'error'),
      ...changed.map((change) => log(`configuration: ${change}`)),
    ],
    kept: [{ kind: 'config-refused', subject: 'configuration', text, at: now }],
  };
}

/**
 * So many workers there may be from now on. Without --cheaper they all run, unless their number is as
 * before, when a number that was chosen by hand stays. Those above are kept, with what they have
 * counted, but never wanted.
 */
function withWorkers(
  state: MasterState,
  { settings, workers }: ConfiguredEvent,
  now: number,
): Decision {
  const there = state.slots.length;
  const added = Array.from({ length: Math.max(0, workers - there) }, (_, index) => ({
    ...emptySlot(there + index + 1),
    cheap: true,
  }));
  const isSame = workers === state.most && isCheaper(state.settings) === isCheaper(settings);
  const next = { ...state, settings, most: workers, slots: [...state.slots, ...added] };
  const [bounded, effects] = cheapenAbove(next, now);
  if (workers === 0) return [bounded, effects];
  const all = isSame || settings.cheaper !== undefined ? active(bounded).length : workers;
  const wanted = Math.min(workers, Math.max(minimum(bounded), all));
  const [resized, further] = resize(bounded, wanted, now);
  return [resized, [...effects, ...further]];
}

function isCheaper({ cheaper }: MasterState['settings']): boolean {
  return cheaper !== undefined;
}
