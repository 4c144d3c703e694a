/** The version of both programs; a test holds it against package.json. */
export const VERSION = '0.1.0';

/** What options came with that say nothing else. */
export const FIRST_VERSION = '0.1.0';
