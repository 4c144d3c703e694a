import type { OptionRow } from '../../../shared/options.js';

/** What is served. */
export const APPLICATION_OPTIONS = [
  {
    name: 'module',
    aliases: ['m'],
    type: 'text',
    value: 'FILE[:EXPORT]',
    topic: 'Application',
    help: 'the application: a listener, Express, Koa, Fastify, fetch object, http.Server, or a file that listens itself',
  },
  {
    name: 'need-app',
    type: 'flag',
    topic: 'Application',
    help: 'exit with code 22 when the application cannot be loaded, instead of answering 500',
  },
] as const satisfies readonly OptionRow[];
