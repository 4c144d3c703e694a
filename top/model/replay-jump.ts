import { err, ok, type Result } from '../../shared/result.js';
import { duration } from '../../shared/units.js';
import type { Step } from './control-flow.js';
import type { Model } from './model.js';
import { presentOf, returned, scrubbed, shownAt } from './past.js';
import { momentsOf } from './time-ring.js';

const MINUTE_MS = 60_000;

/**
 * Shows the moment `ms` after the beginning of a recording (with a server: of the watch): one that
 * was, out of memory, and of a recording also one that is still to come. The error is a sentence.
 */
export function jumpedTo(model: Model, ms: number): Result<Step, string> {
  const newest = presentOf(model).shown?.at;
  if (newest === undefined) return err('nothing has been shown yet');
  if (ms > newest) return forward(model, ms);
  const moments = momentsOf(model.ring.value()).filter(({ at }) => at < newest);
  const index = moments.findLastIndex(({ at }) => at <= ms);
  const moment = moments[index];
  if (ms === newest) return ok([returned(model), []]);
  if (moment !== undefined) return ok([shownAt(presentOf(model), moments, index, moment), []]);
  const [oldest] = moments;
  const reach = oldest === undefined ? 'nothing' : `back to ${duration(oldest.at / 1000)}`;
  return err(`${duration(Math.max(0, ms) / 1000)} is not in memory any more: there is ${reach}`);
}

/** The same, so much before or after the moment that is shown. */
export function jumpedBy(model: Model, ms: number): Result<Step, string> {
  const from = model.shown?.at;
  return from === undefined ? err('nothing has been shown yet') : jumpedTo(model, from + ms);
}

function forward(model: Model, ms: number): Result<Step, string> {
  const { speed, recordingMs } = model;
  if (speed === null) return err('that has not happened yet');
  if (speed === 0) return err('with --speed 0 nothing is waited for');
  const to = recordingMs === null ? ms : Math.min(ms, recordingMs);
  return ok([returned(model), [{ type: 'seek', to }]]);
}

/** A minute on: of a recording also into what has not been played. */
export function minuteOn(model: Model): Step {
  if (model.past !== null || model.speed === null) return [scrubbed(model, 'minute-forward'), []];
  const jump = jumpedBy(model, MINUTE_MS);
  if (jump.ok) return jump.value;
  return [{ ...model, hint: { text: jump.error, at: model.now } }, []];
}

/** `12:30`, `1:02:30`, `90`, `5m`, `1h30m`, `20s` as milliseconds; null for what is no time. */
export function readTime(text: string): number | null {
  if (/^\d{1,5}(:[0-5]?\d){0,2}$/.test(text)) {
    return 1000 * text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  const parts = /^(?:(\d{1,5})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/.exec(text);
  if (parts === null || text === '') return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = parts;
  return 1000 * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
}
