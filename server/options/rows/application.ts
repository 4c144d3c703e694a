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
    differs:
      'It names a file of JavaScript, looked for beside the configuration file that it stands in; -m is --memory-report in uWSGI.',
  },
  {
    name: 'need-app',
    type: 'flag',
    topic: 'Application',
    help: 'exit with code 22 when the application cannot be loaded, instead of answering 500',
  },
  {
    name: 'wait-ready',
    type: 'flag',
    topic: 'Application',
    help: "take a worker for ready only when its application says so: process.send('ready'), as with PM2, or an exported promise named ready",
  },
  {
    name: 'boot-timeout',
    type: 'integer',
    value: 'S',
    unit: 's',
    default: 60,
    min: 1,
    max: 86_400,
    topic: 'Application',
    help: 'how long the application may take until it is loaded and ready',
  },
] as const satisfies readonly OptionRow[];
