import { type Part, problemTable } from '../../../shared/problem.js';

/** What options say against each other, and against how they are given. */
export const TOGETHER_PROBLEMS = problemTable({
  lifetimes: (least: Part, most: Part) => [
    `invalid min-worker-lifetime value (${least}), must be lower than max-worker-lifetime (${most})`,
    ': give both',
  ],
  proxyUntrusted: () => [
    '--http-enable-proxy-protocol needs --trust-proxy',
    ': name the proxies whose header is believed',
  ],
  redirectNowhere: () => [
    '--https-redirect has nowhere to send clients',
    ': give --https ADDR,CERT,KEY too',
  ],
  hstsUnsaid: (seconds: Part) => [
    `--hsts ${seconds} is said on HTTPS only`,
    ': give --https ADDR,CERT,KEY too',
  ],
  httpsClientCa: (address: Part) => [
    `--https ${address}: one CLIENT-CA holds for all certificates of an address`,
    `, name the same in each --https ${address},…`,
  ],
  logTwoForms: () => [
    '--log-json and --log-format both say what the line of a request is',
    ': give one of them',
  ],
  logNeedsFile: (name: Part) => [`--${name} needs a file`, ': give --logto FILE too'],
  logBesideJson: (name: Part) => [
    `--${name} cannot stand before the objects of --log-json, which name time and process themselves`,
    ': give one of them',
  ],
  backendNoRouter: (backend: Part) => [
    `--http-to ${backend} has no router to pass requests on`,
    ': give --http ADDR or --https ADDR,CERT,KEY too',
  ],
  backendModule: (module: Part) => [
    `--module ${module} beside --http-to is reached by nobody, since the router asks the back ends`,
    ': give --socket ADDR or --http-socket ADDR too, or leave --module out',
  ],
  backendSockets: (address: Part) => [
    `--socket and --http-socket (${address}) beside --http-to are for workers`,
    ': give --module FILE too, or leave them out',
  ],
  backendWorkers: (idle: Part) => [
    `${idle} beside --http-to is for workers, and without an application there are none`,
    ': give --module FILE too, or leave it out (--http-processes is how many routers)',
  ],
  spoolersWorkers: (idle: Part) => [
    `${idle} is for workers, and with --spooler and without an application there are none`,
    ': give --module FILE too, or leave it out (--spooler-processes is how many spoolers)',
  ],
  spoolerNoTasks: (queue: Part) => [
    `--spooler ${queue} has nothing to run tasks with`,
    ': give --spooler-import FILE too, a module that calls task(name, run)',
  ],
  spoolerNoQueue: (file: Part) => [
    `--spooler-import ${file} has no queue to take tasks from`,
    ': give --spooler DIR too',
  ],
  spoolerNoRedis: (file: Part) => [
    `--spooler-redis-password-file ${file} has no Redis to be given to`,
    ': give --spooler redis://host:port too',
  ],
  spoolerOrderedRedis: (queue: Part) => [
    `--spooler-ordered beside --spooler ${queue}: only a folder keeps tasks in order, since locks in a Redis run out while their holder may live`,
    ': name a folder',
  ],
  spoolerOrderedMany: (name: Part, value: Part) => [
    `--${name} ${value} beside --spooler-ordered: tasks in order are run one at a time`,
    ', leave one of the two out',
  ],
  cheaperTooMany: (cheaper: Part, processes: Part, enough: Part) => [
    `--cheaper ${cheaper}: it must be less than --processes, which is ${processes}`,
    `; give --processes ${enough} or more`,
  ],
  cheaperInitial: (initial: Part, cheaper: Part, processes: Part) => [
    `--cheaper-initial ${initial}`,
    `: give ${cheaper} (--cheaper) to ${processes} (--processes)`,
  ],
  cheaperAlgorithm: (name: Part) => [
    `--cheaper-algo: there is no algorithm "${name}"`,
    ', give spare, backlog or busyness',
  ],
  cheaperBusyness: (min: Part, max: Part) => [
    `--cheaper-busyness-min ${min}: it must be less than --cheaper-busyness-max, which is ${max}`,
    '; give a lower one',
  ],
  variableTwice: (first: Part, second: Part) => [
    `${first} and ${second} set the same option`,
    ': leave one of them out',
  ],
  variableUnknown: (name: Part, hint: Part) => [
    `${name}: there is no option of this name${hint}`,
    '; unset the variable if it is not for tsuwsgi',
  ],
  orderInFile: (name: Part) => [
    'an order to an instance is no option to serve with',
    `: write it on the command line: tsuwsgi --${name} PIDFILE`,
  ],
  orderTwice: (first: Part, second: Part) => [
    `${first} and ${second} are two orders`,
    ': leave one out',
  ],
  orderStray: (stray: Part, order: Part, target: Part) => [
    `${stray} says nothing to an instance that runs`,
    `: leave it out of ${order} ${target}`,
  ],
  timeoutStray: (seconds: Part, orders: Part) => [
    `--timeout ${seconds} goes with ${orders}`,
    ': add one, or leave it out',
  ],
  strayWord: (word: Part) => [
    `"${word}": only a file that ends in .ini, .yaml, .yml, .json or .toml stands without an option`,
    `; did you mean --module ${word}?`,
  ],
  nothingToRun: () => [
    'there is nothing to run: no --module, no tsuwsgi.ini here, and no package.json with a "main"',
    '; type for example: tsuwsgi --http-socket :8000 --module app.js -p 4 --stats :9191',
  ],
  inspectRoot: (inspect: Part) => [
    `--inspect ${inspect} would let every user of this machine run code as root`,
    ': give --uid USER, or leave it out',
  ],
  inspectPorts: (inspect: Part, processes: Part, last: Part, most: Part) => [
    `--inspect ${inspect}: the ${processes} workers need ports up to ${last}, and ${most} is the last`,
    ': give a lower one',
  ],
  rereadUnreadable: (problem: Part, uid: Part) => [
    `${problem}; it is read as user ${uid} now`,
    ': make the file and its folder readable for that user',
  ],
  rereadNotToServe: () => [
    'it asks for something else than to serve, such as check-config or show-config',
    ': leave that out',
  ],
});
