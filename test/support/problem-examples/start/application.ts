import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launchDaemon } from '../../../../server/daemon/launch.js';
import {
  applicationStart,
  importProblem,
  probeStart,
} from '../../../../server/master/application-start.js';
import { openFifo } from '../../../../server/master/triggers/fifo.js';
import { rememberOrigin } from '../../../../server/master/upgrade/origin.js';
import { readInvocation } from '../../../../server/options/read.js';
import type { Options } from '../../../../server/options/table.js';
import { planOwnership } from '../../../../server/ownership/plan.js';
import { prepareApplication } from '../../../../server/prepare-application.js';
import type { LOAD_PROBLEMS, START_PROBLEMS } from '../../../../server/problems/application.js';
import { loadTasks } from '../../../../server/spooler/load-tasks.js';
import { findApplication } from '../../../../server/worker/application/exports.js';
import { loadApplication } from '../../../../server/worker/application/load.js';
import {
  explainLoadError,
  problemWithFile,
} from '../../../../server/worker/application/load-error.js';
import type { Problem } from '../../../../shared/problem.js';
import type { StartExample } from '../hold.js';
import { failed } from './failed.js';

/** The options of a command line in a folder with `a.js`. */
function optionsOf(folder: string, words: readonly string[]): Options {
  writeFileSync(path.join(folder, 'a.js'), '');
  const invocation = readInvocation(['-m', 'a.js', ...words], folder, {});
  if (invocation.kind !== 'serve') throw new Error(JSON.stringify(invocation));
  return invocation.options;
}

/** What is told before anything is bound. */
function prepared(words: readonly string[], ...names: StartExample['names']): StartExample {
  const told = (folder: string): readonly Problem[] => {
    const options = optionsOf(folder, words);
    const plan = planOwnership(options, { users: [], groups: [] }, { uid: 0, gid: 0 });
    if (!plan.ok) return plan.error;
    return failed(prepareApplication(options, plan.value, rememberOrigin(), () => undefined));
  };
  return { told, names };
}

function fifo(name: string, problem: string): StartExample {
  const told = (folder: string): readonly Problem[] => {
    writeFileSync(path.join(folder, 'notes'), '');
    const how = { found: 'replace', log: () => undefined } as const;
    return failed(openFifo(path.join(folder, name), () => undefined, how));
  };
  return { told, names: ['master FIFO', name, problem] };
}

/** Nobody finds a program meanwhile. */
function withoutPrograms(example: StartExample): StartExample {
  const told: StartExample['told'] = (folder) => {
    const { PATH } = process.env;
    process.env['PATH'] = folder;
    try {
      return example.told(folder);
    } finally {
      process.env['PATH'] = PATH;
    }
  };
  return { ...example, told };
}

export const START_EXAMPLES: Readonly<Record<keyof typeof START_PROBLEMS, StartExample>> = {
  folderClosed: prepared(['--chdir', '/nowhere'], '--chdir /nowhere', 'ENOENT'),
  importMissing: {
    told: (folder) => [importProblem(['./pre.js'], folder)].filter((one) => one !== null),
    names: ['--import ./pre.js', 'pre.js'],
  },
  importUninstalled: {
    told: (folder) => [importProblem(['tsy'], folder)].filter((one) => one !== null),
    names: ['--import tsy', 'npm install tsy'],
  },
  notStarted: prepared(['--node-option=--max-old-space-size'], '--max-old-space-size'),
  // No process may have more than fs.nr_open, which is far below.
  hardLimit: prepared(['--rlimit-nofile', '1073741824'], 'under its limits', 'not permitted'),
  tooLittle: prepared(['--rlimit-as', '64'], 'under its limits', '--rlimit-as'),
  niceRefused: {
    told: (folder) => {
      const start = applicationStart(optionsOf(folder, ['--node-option=--no-warnings']), undefined);
      return failed(probeStart(start, { nice: 5, owner: null }));
    },
    names: ['--worker-nice 5'],
  },
  firstProcess: {
    told: async () => {
      const told: string[] = [];
      await launchDaemon('a.log', null, (line) => told.push(line), 1);
      return told as unknown as readonly Problem[];
    },
    names: ['--daemonize a.log'],
  },
  fifoIsFile: fifo('notes', 'no FIFO'),
  mkfifoMissing: withoutPrograms(fifo('orders', 'mkfifo')),
  fifoUnmade: fifo('gone/orders', 'No such file'),
};

/** What an import of a file throws, as it is told. */
function thrownBy(name: string, source: string, ...names: StartExample['names']): StartExample {
  const told = async (folder: string): Promise<readonly Problem[]> => {
    const file = path.join(folder, name);
    writeFileSync(file, source);
    try {
      await import(pathToFileURL(file).href);
      return [];
    } catch (error) {
      return [explainLoadError(file, error) as Problem];
    }
  };
  return { told, names: ['cannot load', name, ...names] };
}

function fileProblem(name: string, ...names: StartExample['names']): StartExample {
  const told = (folder: string): readonly Problem[] => {
    writeFileSync(path.join(folder, 'other.mjs'), '');
    const problem = problemWithFile(path.join(folder, name));
    return problem === undefined ? [] : [problem];
  };
  return { told, names: ['cannot load', ...names] };
}

function exported(namespace: object, exportName?: string): StartExample {
  const spec = { file: '/srv/a.js', ...(exportName !== undefined && { exportName }) };
  return {
    told: async () => failed(await findApplication(namespace, spec)),
    names: ['/srv/a.js', ...(exportName === undefined ? [] : [exportName])],
  };
}

export const LOAD_EXAMPLES: Readonly<Record<keyof typeof LOAD_PROBLEMS, StartExample>> = {
  isFolder: fileProblem('.', 'it is a folder', 'index.js'),
  missing: fileProblem('gone.js', 'gone.js', '--module'),
  almost: fileProblem('other', 'other.mjs'),
  uninstalled: thrownBy('needy.mjs', 'import "no-such-package";', 'npm install no-such-package'),
  threw: thrownBy('throws.mjs', 'throw new Error("no database");', 'no database'),
  noModule: thrownBy('app.py', '', '.py'),
  typeScript: thrownBy('app.tsx', '', '--import tsx'),
  unfinished: {
    told: async (folder) => {
      const file = path.join(folder, 'endless.mjs');
      writeFileSync(file, 'await new Promise(() => {});');
      const place = { fd: -1, backlog: 1, address: '/nowhere/app.sock' };
      const limit = AbortSignal.abort();
      return failed(await loadApplication({ file }, place, () => undefined, limit));
    },
    names: ['cannot load', 'endless.mjs', '--boot-timeout'],
  },
  exportsNothing: exported({}),
  noSuchExport: exported({ app: 1 }, 'shop'),
  unservable: exported({ shop: 1 }, 'shop'),
  noTasks: {
    told: async (folder) => {
      const file = path.join(folder, 'idle.mjs');
      writeFileSync(file, '');
      return failed(await loadTasks(file));
    },
    names: ['idle.mjs', 'task(name, run)'],
  },
};
