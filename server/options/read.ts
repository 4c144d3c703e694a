import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Program, readCommandLine } from '../../shared/command-line.js';
import { completions, shellOf } from '../../shared/completions.js';
import { readOptions, type Setting } from '../../shared/options.js';
import { err, ok, problemOf, type Result } from '../../shared/result.js';
import { VERSION } from '../../shared/version.js';
import { visible } from '../request-log/escape.js';
import { readCheaper } from './cheaper.js';
import { backendProblem, idleNote, isRoutersOnly } from './routers-only.js';
import { httpsAddresses } from './https.js';
import { machineWorld } from './ini/machine.js';
import { readIniFiles } from './ini/read-files.js';
import { logProblem } from './request-log.js';
import { spoolerProblem } from './spooler.js';
import { isSpoolersOnly, spoolersOnlyNotes, spoolersOnlyProblem } from './spoolers-only.js';
import { type Options, OPTIONS } from './table.js';

/** What the command line comes down to. */
export type Invocation =
  | { readonly kind: 'serve'; readonly options: Options; readonly notes: readonly string[] }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'refuse'; readonly problems: readonly string[] };

/** What the command line, the manual and the completions have in common. */
export const PROGRAM: Program = {
  name: 'tsuwsgi',
  version: VERSION,
  description:
    "uWSGI's process model for Node.js: a master that binds the sockets, workers that serve.",
  usage: '[options] [file.ini]',
  table: OPTIONS,
  epilogue: `Signals: TERM stops after the requests in flight (uWSGI 2.0 would reload), INT stops now,
HUP replaces all workers, new ones first; USR2 replaces the master too, on the same sockets. TSTP pauses accepting and, like CONT, resumes it; TTIN and
TTOU add and take away a worker; USR1 logs the totals of every worker.

  tsuwsgi --http-socket :8000 --module app.js -p 4 --stats :9191
  tsuwsgitop localhost:9191`,
};

/** The file that is read when no application is named. */
const DEFAULT_INI = 'tsuwsgi.ini';

/** Reads the command line, the files it names, and what stands in for them in `cwd`. */
export function readInvocation(argv: readonly string[], cwd: string): Invocation {
  const line = readCommandLine(PROGRAM, argv);
  if (line.kind === 'print') return line;
  if (line.kind === 'error') return refuse([line.message]);
  const asked = line.settings.findLast(({ name }) => name === 'completions');
  const shell = shellOf(asked?.value);
  if (shell !== undefined) return { kind: 'print', text: completions(PROGRAM, shell) };
  const named = iniFiles(line.settings, line.operands);
  if (!named.ok) return refuse([named.error]);
  const files = readFiles(named.value, cwd);
  const settings = [...files.settings, ...line.settings];
  const read = readOptions(OPTIONS, settings);
  const problems = [...files.problems, ...(problemOf(read) ?? [])];
  if (!read.ok || problems.length > 0) return refuse(problems.map(visible));
  if (isWhole(read.value)) return complete(read.value, files.notes);
  return fallBack(settings, files.notes, cwd);
}

/** Whether it is said what is to run. */
function isWhole(options: Options): boolean {
  return options.module !== undefined || isRoutersOnly(options) || isSpoolersOnly(options);
}

function refuse(problems: readonly string[]): Invocation {
  return { kind: 'refuse', problems };
}

/** `--ini FILE`, and a bare file name that ends in .ini; both with `:SECTION` behind it or without. */
function iniFiles(
  settings: readonly Setting[],
  operands: readonly string[],
): Result<string[], string> {
  const stray = operands.find((operand) => !/\.ini(:[^/:]*)?$/.test(operand));
  if (stray !== undefined) {
    return err(
      `"${stray}": only a file that ends in .ini stands without an option; did you mean --module ${stray}?`,
    );
  }
  const named = settings.filter(({ name }) => name === 'ini').map(({ value }) => value);
  return ok([...operands, ...named]);
}

interface FromFiles {
  readonly settings: readonly Setting[];
  readonly notes: readonly string[];
  readonly problems: readonly string[];
}

function readFiles(files: readonly string[], cwd: string): FromFiles {
  if (files.length === 0) return { settings: [], notes: [], problems: [] };
  const { settings, notes, problems } = readIniFiles(files, machineWorld(cwd), OPTIONS);
  const beside = settings.map(({ file, name, value, origin }) =>
    besideFile({ name, value, origin }, file),
  );
  return { settings: beside, notes: notes.map(visible), problems };
}

const BESIDE_FILE = new Set(['module', 'm', 'spooler-import', 'spooler-redis-password-file']);

/** A module or a password in a file is meant relative to that file, wherever tsuwsgi is started. */
function besideFile(setting: Setting, file: string): Setting {
  if (!BESIDE_FILE.has(setting.name) || path.isAbsolute(setting.value)) return setting;
  return { ...setting, value: path.join(path.dirname(file), setting.value) };
}

/** No application was named: `tsuwsgi.ini` here, else the package's `main` on 127.0.0.1:8000. */
function fallBack(settings: readonly Setting[], notes: readonly string[], cwd: string): Invocation {
  if (existsSync(path.join(cwd, DEFAULT_INI)) && !settings.some(isFromDefault)) {
    const file = readFiles([DEFAULT_INI], cwd);
    const read = readOptions(OPTIONS, [...file.settings, ...settings]);
    const problems = [...file.problems, ...(problemOf(read) ?? [])];
    if (!read.ok || problems.length > 0) return refuse(problems.map(visible));
    if (isWhole(read.value)) {
      return complete(read.value, [...notes, `no --module: reading ${DEFAULT_INI}`, ...file.notes]);
    }
  }
  const main = packageMain(cwd);
  if (main === undefined) return refuse(NOTHING_TO_RUN);
  const module: Setting = { name: 'module', value: main, origin: 'package.json: main' };
  const read = readOptions(OPTIONS, [module, ...settings]);
  if (!read.ok) return refuse(read.error);
  const note = `no --module: running ${main}, the "main" of package.json`;
  return complete(read.value, [...notes, note]);
}

function isFromDefault(setting: Setting): boolean {
  return setting.origin.startsWith(`${DEFAULT_INI}:`);
}

const NOTHING_TO_RUN = [
  'there is nothing to run: no --module, no tsuwsgi.ini here, and no package.json with a "main"',
  'type for example: tsuwsgi --http-socket :8000 --module app.js -p 4 --stats :9191',
];

function packageMain(cwd: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8'));
    if (typeof manifest !== 'object' || manifest === null) return undefined;
    const main: unknown = Reflect.get(manifest, 'main');
    return typeof main === 'string' && main !== '' ? main : undefined;
  } catch {
    return undefined;
  }
}

const DEFAULT_SOCKET = '127.0.0.1:8000';

function complete(options: Options, notes: readonly string[]): Invocation {
  const problem =
    lifetimeProblem(options) ??
    logProblem(options) ??
    proxyProblem(options) ??
    httpsProblem(options) ??
    backendProblem(options) ??
    spoolerProblem(options) ??
    spoolersOnlyProblem(options);
  if (problem !== null) return refuse([problem]);
  const cheaper = readCheaper(options);
  if (!cheaper.ok) return refuse(cheaper.error);
  const own = withoutWorkers(options);
  if (own !== null) {
    return { kind: 'serve', options: { ...options, processes: 0 }, notes: [...notes, ...own] };
  }
  const addresses = [
    ...options.http,
    ...options.https,
    ...options['http-socket'],
    ...options.socket,
  ];
  if (addresses.length > 0) return { kind: 'serve', options, notes };
  const note = `no --http and no --http-socket: serving on ${DEFAULT_SOCKET}`;
  return {
    kind: 'serve',
    options: { ...options, 'http-socket': [DEFAULT_SOCKET] },
    notes: [...notes, note],
  };
}

/** What is to be said of it that there are no workers; null: there are some. */
function withoutWorkers(options: Options): readonly string[] | null {
  if (isSpoolersOnly(options)) return spoolersOnlyNotes(options);
  if (!isRoutersOnly(options)) return null;
  const idle = idleNote(options);
  return idle === null ? [] : [idle];
}

/** Without it every connection would be closed. */
function proxyProblem(options: Options): string | null {
  if (!options['http-enable-proxy-protocol'] || options['trust-proxy'].length > 0) return null;
  return '--http-enable-proxy-protocol needs --trust-proxy: name the proxies whose header is believed';
}

/** What the options say of HTTPS must agree. */
function httpsProblem(options: Options): string | null {
  const addresses = httpsAddresses(options.https);
  if (!addresses.ok) return addresses.error;
  if (addresses.value.length > 0) return null;
  if (options['https-redirect'] !== undefined) {
    return '--https-redirect has nowhere to send clients: give --https ADDR,CERT,KEY too';
  }
  if (options.hsts === undefined) return null;
  return '--hsts is said on HTTPS only: give --https ADDR,CERT,KEY too';
}

/** As in uWSGI: with such values no worker would ever be replaced for its requests or its memory. */
function lifetimeProblem(options: Options): string | null {
  const { 'max-worker-lifetime': most, 'min-worker-lifetime': least } = options;
  if (most === undefined || most > least) return null;
  return `invalid min-worker-lifetime value (${least}), must be lower than max-worker-lifetime (${most}): give both`;
}
