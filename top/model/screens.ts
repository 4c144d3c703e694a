/** A view that a digit and Tab lead to. */
export type View = 'overview' | 'workers' | 'requests' | 'memory' | 'events' | 'others';

/**
 * What the screen is about: one of these has the room between header and footer. `detail` is one
 * worker, and is opened from a view whose list is that of the workers; `queue` is one queue with its
 * tasks, and is opened from `others`.
 */
export type Screen = View | 'detail' | 'queue';

/** A view as keys, key bar and help name it. */
export interface ScreenName {
  readonly screen: View;
  /** The digit first: it is the one that the key bar shows. */
  readonly keys: readonly string[];
  readonly label: string;
  readonly help: string;
}

/** Every view, in the order of Tab. */
export const SCREENS: readonly ScreenName[] = [
  { screen: 'overview', keys: ['1'], label: 'overview', help: 'overview' },
  { screen: 'workers', keys: ['2'], label: 'workers', help: 'workers: the whole table' },
  { screen: 'requests', keys: ['3'], label: 'requests', help: 'requests in flight' },
  { screen: 'memory', keys: ['4'], label: 'memory', help: 'memory of each worker' },
  { screen: 'events', keys: ['5', 'e'], label: 'events', help: 'events: what happened' },
  { screen: 'others', keys: ['6'], label: 'others', help: 'sockets, caches, crons ...' },
];

/** The views of the table of workers: its columns can be chosen, and requests listed in it. */
export const TABLE_VIEWS: readonly Screen[] = ['overview', 'workers'];

/** The views whose list is that of the workers: they share mark, tags and filter. */
export const WORKER_VIEWS: readonly Screen[] = [...TABLE_VIEWS, 'memory'];

/** The view that Tab leads to (`step` 1) or Shift-Tab (-1); after the last comes the first. */
export function screenBeside(screen: View, step: 1 | -1): View {
  const index = SCREENS.findIndex((entry) => entry.screen === screen);
  return SCREENS.at((index + step) % SCREENS.length)?.screen ?? screen;
}
