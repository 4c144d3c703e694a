import { duration } from '../../shared/units.js';
import { documentTime, modelFreshness } from '../model/currency.js';
import { type Model } from '../model/model.js';
import { age } from './ages.js';
import type { Span } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { span } from './text.js';
import { timeOfDay } from './time-of-day.js';

/** Whole seconds from one up: `4 s`. */
function seconds(ms: number): string {
  return ms < 60_000 ? `${Math.max(1, Math.round(ms / 1000))} s` : duration(ms / 1000);
}

/** Whether what is on the screen can be believed, in a few words; fewer on a narrow terminal. */
export function badge(model: Model): Span {
  const { state } = glyphsFor(model.ascii);
  const narrow = model.width < 60;
  const fresh = modelFreshness(model);
  switch (fresh.kind) {
    case 'waiting':
      return span(`${state.start} connecting`, 'notice');
    case 'live':
      if (model.speed !== null) return span(replayText(model, model.speed), 'notice');
      return span(`${state.busy} live ${age(fresh.age / 1000).padEnd(4)}`, 'work');
    case 'past':
      return span(pastText(model, fresh.age), 'attention');
    case 'stale':
      return span(`${state.stuck} stale ${narrow ? '' : 'for '}${seconds(fresh.age)}`, 'attention');
    case 'problem':
      return span(
        `${state.stuck} ${fresh.age === null ? 'no data' : `no data for ${seconds(fresh.age)}`}`,
        'attention',
      );
    case 'disconnected': {
      const next = fresh.retryIn > 0 ? `retry in ${seconds(fresh.retryIn)}` : 'retrying';
      return span(`${state.dead} ${narrow ? '' : 'disconnected, '}${next}`, 'alarm');
    }
  }
}

/** How fast a recording goes, where it is, and how much of it has been: `replay 4x 14:03:27 · 2m10s of 12m00s`. */
function replayText(model: Model, speed: number): string {
  const { marker } = glyphsFor(model.ascii);
  const pace = speed === 0 ? '' : ` ${speed}x`;
  if (model.width < 60) return `${marker} replay${pace}`;
  const time = documentTime(model);
  const moment = time === null ? '' : ` ${timeOfDay(time)}`;
  const { recordingMs } = model;
  const whole = recordingMs === null ? '' : ` of ${duration(recordingMs / 1000)}`;
  const passed = Math.min(model.now, recordingMs ?? Infinity);
  return `${marker} replay${pace}${moment} · ${duration(passed / 1000)}${whole}`;
}

/** Which moment is shown, and how long ago it was: `14:03:27, 2m10s ago`. */
function pastText(model: Model, ageMs: number): string {
  const { rewound, state } = glyphsFor(model.ascii);
  const isPause = model.past?.isPause === true;
  const ago = `${duration(ageMs / 1000)} ago`;
  const sign = isPause ? state.pause : rewound;
  if (model.width < 60) return `${sign} ${ago}`;
  const time = documentTime(model);
  const moment = time === null ? ago : `${timeOfDay(time)}, ${ago}`;
  return `${sign} ${isPause ? 'paused ' : ''}${moment}`;
}
