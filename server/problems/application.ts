import { type Part, problemTable } from '../../shared/problem.js';

/** What keeps the processes of an application from being started as they are to be. */
export const START_PROBLEMS = problemTable({
  folderClosed: (written: Part, folder: Part, reason: Part) => [
    `--chdir ${written}: ${folder} cannot be entered: ${reason}`,
    '; name a folder that is there and may be entered',
  ],
  importMissing: (module: Part, file: Part) => [
    `--import ${module}: there is no file ${file}`,
    ': name one that is there',
  ],
  importUninstalled: (module: Part, name: Part, folder: Part) => [
    `--import ${module}: there is no package ${name} in node_modules of ${folder} or above it`,
    `: npm install ${name}, or write ./FILE`,
  ],
  notStarted: (how: Part, reason: Part) => [
    `no worker can be started ${how}: ${reason}`,
    '; leave out what it names, or correct it',
  ],
  hardLimit: (how: Part, reason: Part) => [
    `no worker can be started ${how}: ${reason}`,
    ': a limit cannot be above the hard one: raise that where tsuwsgi is started',
  ],
  tooLittle: (how: Part, ended: Part) => [
    `no worker can be started ${how}: Node ended by ${ended}`,
    ': the limits leave it too little, raise --rlimit-as',
  ],
  niceRefused: (nice: Part, reason: Part) => [
    `--worker-nice ${nice} cannot be had: ${reason}: only root may make a process less nice, and is root no more by then`,
    ': leave it out, or set Nice= of systemd',
  ],
  firstProcess: (log: Part) => [
    `--daemonize ${log}: a container ends with its first process`,
    ': leave it out',
  ],
  fifoIsFile: (path: Part) => [
    `cannot make the master FIFO ${path}: the file that is there is no FIFO`,
    '; remove it or give another path',
  ],
  mkfifoMissing: (path: Part, reason: Part) => [
    `cannot make the master FIFO ${path}: the program mkfifo does not run (${reason})`,
    '; install coreutils',
  ],
  fifoUnmade: (path: Part, reason: Part) => [
    `cannot make the master FIFO ${path}: ${reason}`,
    '; give a path in a folder that is there and may be written to',
  ],
});

/** What keeps a module from being loaded, or from being an application; a worker tells it. */
export const LOAD_PROBLEMS = problemTable({
  isFolder: (file: Part, example: Part) => [
    `cannot load ${file}: it is a folder`,
    `: name its file, such as ${example}`,
  ],
  missing: (file: Part, option: Part) => [
    `cannot load ${file}: there is no such file`,
    `: name an existing one with ${option}`,
  ],
  almost: (file: Part, similar: Part) => [
    `cannot load ${file}: there is no such file`,
    `: use ${similar}`,
  ],
  uninstalled: (file: Part, name: Part) => [
    `cannot load ${file}`,
    `: install it: npm install ${name}`,
  ],
  threw: (file: Part) => [`cannot load ${file}`, ': correct what it says below'],
  noModule: (file: Part, reason: Part) => [
    `cannot load ${file}: ${reason}`,
    ': a module is .js, .mjs or .cjs',
  ],
  typeScript: (file: Part) => [
    `cannot load ${file}: TypeScript is not compiled here`,
    ': compile it and name the JavaScript file, or have it compiled: npm install tsx, and --import tsx',
  ],
  unfinished: (file: Part) => [
    `cannot load ${file}: it has not finished loading`,
    ': look for a top-level await that never ends, or allow it more with --boot-timeout',
  ],
  exportsNothing: (file: Part, listed: Part, remedy: Part) => [
    `${file} ${listed} that can be served`,
    `: ${remedy}`,
  ],
  noSuchExport: (file: Part, name: Part, known: Part) => [
    `${file} has no export "${name}", it exports ${known}`,
    `: write --module ${file}:NAME`,
  ],
  unservable: (file: Part, name: Part, what: Part, remedy: Part) => [
    `${file}: the export "${name}" is ${what}`,
    `: ${remedy}`,
  ],
  noTasks: (file: Part) => [
    `${file} has no tasks`,
    ": call task(name, run) in it, with import { task } from 'tsuwsgi/spooler'",
  ],
});
