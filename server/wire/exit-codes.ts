/** How a worker tells the master why it ended; 17, 22 and 30 are uWSGI's numbers. */
export const EXIT = {
  /** It drained and has nothing left to do. */
  drained: 17,
  /** The application could not be loaded and `--need-app` is set. */
  noApp: 22,
  /** The inherited socket could not be listened on. */
  noListen: 23,
  /** It was told to exit at once. */
  ended: 30,
} as const;
