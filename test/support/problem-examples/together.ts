import { writeFileSync } from 'node:fs';
import { inspectRefusal } from '../../../server/options/inspect.js';
import type { TOGETHER_PROBLEMS } from '../../../server/options/problems/together.js';
import { withRemedy } from '../../../server/options/reading.js';
import { type Example, keys, line, reread, variables, world } from './doors.js';

/** Options, of which the sentence names one and what it is about. */
function app(words: string, ...names: Example['names']): Example {
  return line(['-m', 'a.js', ...words.split(' ')], ...names);
}

/** The same without an application. */
function bare(words: string, ...names: Example['names']): Example {
  return line(words.split(' '), ...names);
}

function inspected(inspect: string, asRoot: boolean): Example {
  const refusal = inspectRefusal({ inspect, processes: 4 }, asRoot);
  return { told: () => (refusal === null ? [] : [refusal]), names: ['--inspect', inspect] };
}

export const TOGETHER_EXAMPLES: Readonly<Record<keyof typeof TOGETHER_PROBLEMS, Example>> = {
  lifetimes: app('--max-worker-lifetime 5', 'min-worker-lifetime', '10'),
  proxyUntrusted: app(
    '--http :1 --http-enable-proxy-protocol',
    '--http-enable-proxy-protocol',
    '--trust-proxy',
  ),
  redirectNowhere: app('--http :1 --https-redirect', '--https-redirect', '--https'),
  hstsUnsaid: app('--hsts 60', '--hsts', '60'),
  httpsClientCa: app('--https :1,c,k --https :1,c,k,ca', '--https', ':1'),
  logTwoForms: app('--log-json --log-format x', '--log-json', '--log-format'),
  logNeedsFile: app('--log-maxsize 5', '--log-maxsize', '--logto'),
  logBesideJson: app('--log-json --log-date', '--log-date', '--log-json'),
  backendNoRouter: bare('--http-to a:1', '--http-to', 'a:1'),
  backendModule: app('--http :1 --http-to a:1', '--module', 'a.js'),
  backendSockets: bare('--http :1 --http-to a:1 --socket :2', '--socket', ':2'),
  backendWorkers: bare('--http :1 --http-to a:1 -p 3', '--processes', '3'),
  spoolersWorkers: bare('--spooler q --spooler-import t.js -p 3', '--processes', '3'),
  spoolerNoTasks: app('--spooler q', '--spooler', 'q'),
  spoolerNoQueue: app('--spooler-import t.js', '--spooler-import', 't.js'),
  spoolerNoRedis: app(
    '--spooler q --spooler-import t.js --spooler-redis-password-file p',
    '--spooler-redis-password-file',
    ' p ',
  ),
  spoolerOrderedRedis: app(
    '--spooler redis://a --spooler-import t.js --spooler-ordered',
    '--spooler-ordered',
    'redis://a',
  ),
  spoolerOrderedMany: app(
    '--spooler q --spooler-import t.js --spooler-ordered --spooler-processes 2',
    '--spooler-processes',
    '2',
  ),
  cheaperTooMany: app('--cheaper 5 -p 5', '--cheaper', '5'),
  cheaperInitial: app('--cheaper 2 -p 5 --cheaper-initial 7', '--cheaper-initial', '7'),
  cheaperAlgorithm: app('--cheaper 2 -p 5 --cheaper-algo best', '--cheaper-algo', 'best'),
  cheaperBusyness: app(
    '--cheaper 2 -p 5 --cheaper-busyness-min 60',
    '--cheaper-busyness-min',
    '60',
  ),
  variableTwice: variables(
    { TSUWSGI_PROCESSES: '1', TSUWSGI_WORKERS: '2' },
    'TSUWSGI_PROCESSES',
    'TSUWSGI_WORKERS',
  ),
  variableUnknown: variables({ TSUWSGI_PROCESES: '1' }, 'TSUWSGI_PROCESES', 'TSUWSGI_PROCESSES'),
  orderInFile: keys('module = a.js\nreload = x.pid', 'a.ini:3', 'reload'),
  orderTwice: bare('--stop a.pid --reload a.pid', '--stop', '--reload'),
  orderStray: bare('--stop a.pid -p 4', '--processes', '--stop a.pid'),
  timeoutStray: bare('--timeout 5', '--timeout', '5'),
  strayWord: bare('app.js', 'without an option', 'app.js'),
  nothingToRun: line([], 'tsuwsgi.ini', '--module'),
  inspectRoot: inspected('9229', true),
  inspectPorts: inspected('65534', false),
  rereadUnreadable: {
    told: (folder) => {
      const { told } = world(
        ['a.ini'],
        { locate: () => ({ ok: false, error: 'EACCES: permission denied' }) },
        'a.ini',
        '33',
      );
      return told(folder).map((problem) => withRemedy(problem, 33));
    },
    names: ['a.ini', 'user 33'],
  },
  rereadNotToServe: reread(
    (file) => {
      writeFileSync(file, '[tsuwsgi]\nmodule = a.js\nshow-config = true\n');
    },
    'show-config',
    'check-config',
  ),
};
