import type { Log } from '../../log.js';
import type { Options } from '../../options/table.js';
import type { MasterEvent } from '../decide/events.js';
import { watchTouch } from './touch.js';

/** The options that name files, and what it means that one of theirs was touched. */
const MEANINGS = {
  'touch-reload': { type: 'reload', worker: 'all', order: 0, how: 'rolling' },
  'touch-chain-reload': { type: 'reload', worker: 'all', order: 0, how: 'chain' },
  'touch-logreopen': { type: 'log-files', how: 'reopen' },
  'touch-logrotate': { type: 'log-files', how: 'rotate' },
} as const satisfies Partial<Record<keyof Options, MasterEvent>>;

type TouchOption = keyof typeof MEANINGS;

const TOUCH_OPTIONS = Object.keys(MEANINGS) as readonly TouchOption[];

/** The files of all these options, which are watched. */
export interface Touches {
  /** Watches other files; an option that names the same as before goes on and misses nothing. */
  readonly follow: (options: Pick<Options, TouchOption>) => void;
  readonly stop: () => void;
}

export function watchTouches(
  options: Pick<Options, TouchOption>,
  post: (event: MasterEvent) => void,
  log: Log,
): Touches {
  const watched = new Map<TouchOption, { readonly files: string; readonly stop: () => void }>();
  const touches: Touches = {
    follow(now) {
      for (const option of TOUCH_OPTIONS) {
        const files = now[option].join('\n');
        const before = watched.get(option);
        if (before?.files === files) continue;
        before?.stop();
        const onTouch = (): void => {
          post(MEANINGS[option]);
        };
        watched.set(option, {
          files,
          stop: watchTouch({ option, files: now[option], onTouch, log }),
        });
      }
    },
    stop() {
      for (const { stop } of watched.values()) stop();
      watched.clear();
    },
  };
  touches.follow(options);
  return touches;
}
