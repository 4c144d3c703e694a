/** What parsers say by running out of stack, in plain words. */
export const TOO_DEEP = 'it is nested too deeply';
