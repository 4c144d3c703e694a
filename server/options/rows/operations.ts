import type { OptionRow } from '../../../shared/options.js';
import { variableProblem } from '../variables.js';
import { inspectProblem } from '../inspect.js';
import { nodeOptionProblem } from '../node-option.js';

const TOPIC = 'Operations';

/** What surrounds the processes: folder, environment, limits, Node's own options, the background. */
export const OPERATION_OPTIONS = [
  {
    name: 'daemonize',
    aliases: ['d', 'daemonize2'],
    type: 'text',
    value: 'LOGFILE',
    topic: TOPIC,
    help: 'go into the background and log to this file; the command ends once the instance serves, or tells why it does not',
  },
  {
    name: 'chdir',
    type: 'text',
    value: 'DIR',
    topic: TOPIC,
    help: 'the folder that relative paths start from, but for configuration files, --pidfile and --daemonize; a link is followed anew for each worker',
  },
  {
    name: 'env',
    type: 'list',
    value: 'NAME=VALUE',
    repeatable: true,
    topic: TOPIC,
    help: 'set a variable of the environment of master and workers',
    check: variableProblem,
  },
  {
    name: 'node-option',
    type: 'list',
    value: 'OPT',
    repeatable: true,
    topic: TOPIC,
    help: 'an option of Node for workers and spoolers, such as --max-old-space-size=512: one that NODE_OPTIONS may hold',
    check: nodeOptionProblem,
  },
  {
    name: 'import',
    type: 'list',
    value: 'MODULE',
    repeatable: true,
    topic: TOPIC,
    help: 'load this module before the application in workers and spoolers: a package, such as tsx for TypeScript, or ./FILE',
  },
  {
    name: 'inspect',
    type: 'text',
    value: '[HOST:]PORT',
    bare: '9229',
    topic: TOPIC,
    help: "open Node's inspector in each worker, the first on this port, each further one on the next; for development, on loopback unless HOST says otherwise",
    check: inspectProblem,
  },
  {
    name: 'worker-nice',
    type: 'integer',
    value: 'N',
    min: -20,
    max: 19,
    topic: TOPIC,
    help: 'how much nicer workers and spoolers are than the master: 1 to 19 give way to other processes',
  },
  {
    name: 'rlimit-as',
    type: 'integer',
    value: 'MB',
    unit: 'MB',
    min: 1,
    max: 1_073_741_824,
    topic: TOPIC,
    help: 'the address space that a worker or spooler may have: Node reserves about 1 GB, WebAssembly 10 GB more; --reload-on-rss is about memory that is used',
  },
  {
    name: 'rlimit-nofile',
    type: 'integer',
    value: 'N',
    min: 64,
    max: 1_073_741_824,
    topic: TOPIC,
    help: 'how many files and sockets a worker or spooler may have open; without it the hard limit of the master',
  },
  {
    name: 'rlimit-nproc',
    aliases: ['limit-nproc'],
    type: 'integer',
    value: 'N',
    min: 1,
    max: 1_073_741_824,
    topic: TOPIC,
    help: "how many processes and threads the workers' user may have in all",
  },
  {
    name: 'rlimit-core',
    type: 'text',
    value: 'WHAT',
    choices: ['0', 'unlimited'],
    topic: TOPIC,
    help: 'whether a worker or spooler that crashes leaves a core file: 0 or unlimited',
  },
] as const satisfies readonly OptionRow[];
