import { UWSGI_NAMES } from './uwsgi-names.js';
import type { Problem } from '../../../shared/problem.js';
import { FILE_PROBLEMS } from '../problems/files.js';

/**
 * What a worker of Node has, or has no use for: a configuration with these runs here as it is. As they
 * are written on a command line, with uWSGI's letters.
 */
export const IDLE_FLAGS: readonly string[] = [
  '--lazy',
  '--lazy-apps',
  '-T, --enable-threads',
  '-i, --single-interpreter',
  '--thunder-lock',
  '--post-buffering <bytes>',
  '--socket-timeout <s>',
  '--plugin <names>',
  '--plugins <names>',
  '--need-plugin <names>',
  '--need-plugins <names>',
  '--plugin-dir <folder>',
  '--plugins-dir <folder>',
  '--strict',
];

const WITHOUT_EFFECT = new Set(IDLE_FLAGS.map((flags) => /--([a-z-]+)/.exec(flags)?.[1]));

/** What is said of those that stand somewhere. */
export function withoutEffectNote(names: Iterable<string>): string {
  return `accepted for uWSGI configurations, without effect: ${[...names].join(', ')}`;
}

/** Whether an option of uWSGI is accepted and does nothing. */
export function withoutEffect(name: string): boolean {
  return WITHOUT_EFFECT.has(name);
}

const MODULE = 'write module = FILE.js';
const PACKAGES = 'Node finds packages in node_modules beside the application';
const IMPORT = 'import it in the application, or for spoolers with spooler-import';
const AUTO_RELOAD = 'write auto-reload = true';

/** What takes the place of options that are about Python. */
const PYTHON: Readonly<Record<string, string>> = {
  wsgi: MODULE,
  'wsgi-file': MODULE,
  callable: 'a module exports its application as default',
  pyrun: MODULE,
  paste: MODULE,
  'ini-paste': MODULE,
  'ini-paste-logged': MODULE,
  pecan: MODULE,
  home: PACKAGES,
  pyhome: PACKAGES,
  virtualenv: PACKAGES,
  venv: PACKAGES,
  pythonpath: PACKAGES,
  'python-path': PACKAGES,
  pp: PACKAGES,
  'no-site': PACKAGES,
  pyimport: IMPORT,
  'py-import': IMPORT,
  'python-import': IMPORT,
  'spooler-python-import': 'write spooler-import = FILE.js',
  'py-autoreload': AUTO_RELOAD,
  'py-auto-reload': AUTO_RELOAD,
  'python-autoreload': AUTO_RELOAD,
  'python-auto-reload': AUTO_RELOAD,
  optimize: 'node has its own options, in NODE_OPTIONS',
  'py-tracebacker': 'tsuwsgitop shows what a worker does',
  'py-call-osafterfork': 'nothing is forked from a loaded application here',
  'wsgi-env-behavior': 'requests are those of node:http',
  'wsgi-env-behaviour': 'requests are those of node:http',
};

/** What is to be said of an option that is about Python; null: it is not one. */
export function pythonNote(name: string): string | null {
  if (!Object.hasOwn(PYTHON, name)) return null;
  return `${name} is about Python and has no effect here: ${PYTHON[name] ?? ''}`;
}

/** The nearest relatives of what is missing, by the beginning of its name; the first that fits. */
const RELATIVES: readonly (readonly [RegExp, string])[] = [
  [/^(chdir2|force-cwd|spooler-chdir)$/, 'the nearest is chdir'],
  [/^threads?$/, 'write async = N for requests side by side in a worker'],
  [/^reload-mercy|^mule-reload/, 'the nearest is worker-reload-mercy'],
  [/^(evil-)?reload-on-as/, 'the nearest is reload-on-rss'],
  [
    /^limit-as$/,
    'Node reserves more address space than a Python: the nearest are reload-on-rss and rlimit-as',
  ],
  [/^max-fd$/, 'the nearest is rlimit-nofile'],
  [/^prio$/, 'the nearest is worker-nice'],
  [/^(idle|cheap|die-on-idle)$/, 'the nearest is cheaper'],
  [/^(config|xml)/, 'write include = FILE.ini'],
  [/^pidfile2|^safe-pidfile/, 'the nearest is pidfile'],
  [
    /^(fastcgi|scgi|http11|puwsgi|raw|suwsgi|ssl)-.*socket/,
    'the nearest are http-socket and socket',
  ],
  [/^(https-socket|https2|sni)/, 'the nearest is https'],
  [/^(protocol|socket-protocol)/, 'write socket for uwsgi, http-socket for HTTP'],
  [/^http-to-https/, 'the nearest is https-redirect'],
  [/^http-workers/, 'the nearest is http-processes'],
  [/^(httprouter|http-subscription|subscri|fastrouter)/, 'the nearest is http-to'],
  [/^static-|^check-static/, 'the nearest are static-map and static-expires'],
  [/^(metric|enable-metrics|metrics|snmp)/, 'metrics are part of stats, and of stats-http'],
  [/^(stats-)/, 'the nearest is stats'],
  [/^(log-|logger|threaded-logger)/, 'the nearest are logto, logger and log-master'],
  [/^(mule|cron|timer|farm|attach-daemon|smart-attach|legion)/, 'the nearest is spooler'],
  [/^spooler-/, 'the nearest are spooler-import and spooler-frequency'],
  [/^(touch-|fs-)/, 'the nearest are touch-reload and touch-chain-reload'],
  [/^(envdir|unenv)$/, 'the nearest is env'],
  [/^harakiri/, 'the nearest is harakiri-verbose'],
  [/^(procname|auto-procname)/, 'the nearest is name'],
  [/^(queue|cache)/, 'keep shared data in a Redis or a database'],
  [
    /^(route|final-route|error-route|response-route|add-header)/,
    'do it in the application or the web server',
  ],
  [/^(mount|manage-script-name)/, 'let the application tell its routes apart'],
];

/** Why an option of uWSGI cannot be used here; null: uWSGI does not have it either. */
export function foreignProblem(name: string): Problem | null {
  if (!UWSGI_NAMES.has(name)) return null;
  const relative = RELATIVES.find(([pattern]) => pattern.test(name))?.[1];
  return FILE_PROBLEMS.foreign(name, relative ?? 'take the line out');
}
