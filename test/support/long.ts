import fc from 'fast-check';

/** `npm run test:long` loads this first: every property is tried twenty times as often. */
fc.configureGlobal({ numRuns: 2000 });
