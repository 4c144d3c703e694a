/** What the screen is about: one of these has the room between header and footer. */
export type Screen = 'overview' | 'workers' | 'requests' | 'events';

/** A view as keys, key bar and help name it. */
export interface ScreenName {
  readonly screen: Screen;
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
  { screen: 'events', keys: ['5', 'e'], label: 'events', help: 'events: what happened' },
];

/** The views whose list is that of the workers: they share mark, tags, order and filter. */
export const WORKER_SCREENS: readonly Screen[] = ['overview', 'workers'];

/** The view that Tab leads to (`step` 1) or Shift-Tab (-1); after the last comes the first. */
export function screenBeside(screen: Screen, step: 1 | -1): Screen {
  const index = SCREENS.findIndex((entry) => entry.screen === screen);
  return SCREENS.at((index + step) % SCREENS.length)?.screen ?? screen;
}
