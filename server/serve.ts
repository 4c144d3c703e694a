import path from 'node:path';
import { type Problem, within } from '../shared/problem.js';
import { err, ok, problemOf, type Result } from '../shared/result.js';
import { VERSION } from '../shared/version.js';
import { closeSockets, Instance } from './instance.js';
import type { Setting } from './instance-setting.js';
import { takeLauncher } from './daemon/launcher.js';
import type { ApplicationStart } from './master/application-start.js';
import { LOG_LEVELS } from '../shared/commands.js';
import type { LevelledLog, Log } from './log.js';
import { openLogs } from './logging/logs.js';
import { loggingSettings } from './options/logging.js';
import { bindSocket, type ServedSocket } from './master/bind.js';
import { moduleProblem } from './master/file-problems.js';
import { readSomaxconn } from './master/listen-queue.js';
import type { Listeners } from './master/listeners.js';
import { bindPrivateSockets, NO_PRIVATE_SOCKETS } from './master/private-sockets.js';
import { type Certificates, openCertificates } from './master/tls/certificates.js';
import { adoptSocket, claim, discard } from './master/upgrade/adopt.js';
import { type Origin, rememberOrigin } from './master/upgrade/origin.js';
import { type Heritage, type InheritedSocket, takeHeritage } from './master/upgrade/heritage.js';
import { staticSettings } from './options/static-settings.js';
import { httpsAddresses } from './options/https.js';
import type { Options } from './options/table.js';
import { prepareApplication } from './prepare-application.js';
import type { ReadAgain } from './options/reading.js';
import { readAccounts } from './ownership/accounts.js';
import { optionText, type ServedAddress, takeSockets } from './systemd/activation.js';
import { takeManager } from './systemd/manager.js';
import { createNotifier } from './systemd/notifier.js';
import { type Passed, takePassed } from './systemd/passed.js';
import { createService, NO_SERVICE } from './systemd/service.js';
import { staticProblems } from './static/check-settings.js';
import { pidFileProblem } from './ownership/pid-file-problem.js';
import { type Owner, type OwnershipPlan, planOwnership } from './ownership/plan.js';

/**
 * Runs an instance from its first bind to its last worker, and settles with the exit code. Nothing
 * is left behind: sockets, key and socket files are removed however it ends, short of SIGKILL; or
 * they are the next master's.
 */
export async function serve(
  options: Options,
  log: LevelledLog,
  reading: ReadAgain,
): Promise<number> {
  log.level = LOG_LEVELS.find((level) => level === options['log-level']) ?? 'info';
  const launcher = takeLauncher(process.env);
  const code = await run({ options, log, reading, launcher });
  launcher?.ended(code);
  return code;
}

async function run(
  known: Pick<Setting, 'options' | 'log' | 'reading' | 'launcher'>,
): Promise<number> {
  const { options, log } = known;
  const heritage = takeHeritage(process.env);
  const passed = takePassed(process.env, process.pid);
  const origin = rememberOrigin();
  const manager = takeManager(process.env, heritage !== null);
  const service =
    manager === null ? NO_SERVICE : createService(createNotifier(manager, log), manager);
  const self = whoIs();
  const plan = planOwnership(options, readAccounts(), self);
  if (!plan.ok) return refuse(plan.error, log);
  const logFiles = {
    owner: plan.value.master,
    isSuccessor: heritage !== null,
    folder: process.cwd(),
  };
  const logs = openLogs(loggingSettings(options, logFiles), log, process.stderr);
  if (!logs.ok) return refuse([logs.error], log);
  const setting = { ...known, logs: logs.value, logFiles, plan: plan.value, self, origin, service };
  const code = await serveLogged(setting, { heritage, passed });
  await service.ended(code);
  await logs.value.close();
  return code;
}

async function serveLogged(
  known: Omit<Setting, keyof Prepared>,
  given: { readonly heritage: Heritage | null; readonly passed: Passed },
): Promise<number> {
  const { options, log, plan, self, origin } = known;
  const { heritage } = given;
  log(`*** Starting tsuwsgi ${VERSION} (node ${process.version}) ***`);
  log('SIGTERM stops after the requests in flight, SIGINT stops now, SIGHUP replaces the workers');
  const prepared = prepareAll(options, plan, { origin, isSuccessor: heritage !== null }, log);
  if (!prepared.ok) return refuse(prepared.error, log);
  const certificates = readCertificates(options, log);
  if (!certificates.ok) return refuse([certificates.error], log);
  const left = takeSockets(options, wantedSockets(options), given, log);
  if (!left.ok) return refuse([left.error], log);
  const owner = plan.children ?? plan.master ?? self;
  const isFirst = heritage === null;
  const listeners = await bindListeners(options, { left: left.value.sockets, isFirst }, owner);
  if (!listeners.ok) return refuse([listeners.error], log);
  discard(left.value.sockets);
  tellListeners(listeners.value, log);
  const all = { ...listeners.value, certificates: certificates.value };
  return new Instance({ ...known, ...prepared.value }, all, {
    isFirst,
    statsLeft: left.value.stats,
  }).run();
}

interface Prepared {
  readonly pidFile: string | undefined;
  readonly application: ApplicationStart;
}

/** What can fail before anything is bound; all problems of a kind are told at once. */
function prepareAll(
  options: Options,
  plan: OwnershipPlan,
  { origin, isSuccessor }: { readonly origin: Origin; readonly isSuccessor: boolean },
  log: Log,
): Result<Prepared, readonly Problem[]> {
  // Relative to where it was started, as in uWSGI: --chdir comes later.
  const pidFile = options.pidfile === undefined ? undefined : path.resolve(options.pidfile);
  // That of the master before is replaced once this one has taken over.
  const taken = pidFile === undefined || isSuccessor ? null : pidFileProblem(pidFile, log);
  if (taken !== null) return err([taken]);
  const application = prepareApplication(options, plan, origin, log);
  if (!application.ok) return err([application.error]);
  const files = staticProblems(staticSettings(options));
  if (files.length > 0) return err(files);
  prepare(options, plan, log);
  return ok({ pidFile, application: application.value });
}

/** Why an instance cannot be served on this machine, all at once. Nothing is bound and nothing written. */
export function problemsHere(options: Options, log: Log): readonly Problem[] {
  const plan = planOwnership(options, readAccounts(), whoIs());
  // What follows is relative to --chdir.
  const application = plan.ok
    ? problemOf(prepareApplication(options, plan.value, rememberOrigin(), log))
    : null;
  return [
    ...(problemOf(plan) ?? []),
    application ?? [],
    ...staticProblems(staticSettings(options)),
    problemOf(readCertificates(options, log)) ?? [],
    moduleProblem(options, process.cwd()) ?? [],
  ].flat();
}

function refuse(problems: readonly Problem[], log: Log): number {
  for (const problem of problems) log(problem, 'error');
  return 1;
}

/** While this process is still who started it, and before anything is bound. */
function readCertificates(options: Options, log: Log): Result<Certificates, Problem> {
  const addresses = httpsAddresses(options.https);
  return addresses.ok ? openCertificates(addresses.value, log) : addresses;
}

function whoIs(): Owner {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** Which sockets there are, and which of them are more open than is safe. */
function tellListeners({ routed, direct }: BoundListeners, log: LevelledLog): void {
  for (const { name, fd, proto } of routed) log(`tsuwsgi ${proto} bound on ${name} fd ${fd}`);
  direct.forEach(({ name, fd }, index) => {
    log(`tsuwsgi socket ${index} bound to ${describe(name)} fd ${fd}`);
  });
  for (const socket of direct) {
    const problem = openProblem(socket);
    if (problem !== null) log(problem, 'warn');
  }
}

function prepare(options: Options, plan: OwnershipPlan, log: Log): void {
  const limit = readSomaxconn();
  if (limit !== null && options.listen > limit) {
    log(
      `--listen ${options.listen} is above the kernel's limit: ${limit} holds (net.core.somaxconn)`,
      'warn',
    );
  }
  if (plan.umask !== null) process.umask(plan.umask);
  if (plan.staysRoot) {
    log('*** WARNING: you are running tsuwsgi as root !!! (use the --uid flag) ***', 'warn');
  }
}

function describe(name: string): string {
  return name.includes('/') ? `UNIX address ${name}` : `TCP address ${name}`;
}

type BoundListeners = Omit<Listeners, 'certificates'>;

/** Binds all that workers and routers listen on; `owner` is who they are. */
async function bindListeners(
  options: Options,
  { left, isFirst }: { readonly left: InheritedSocket[]; readonly isFirst: boolean },
  owner: Owner,
): Promise<Result<BoundListeners, Problem>> {
  const bound = await bindAll(wantedSockets(options), left, isFirst);
  if (!bound.ok) return bound;
  const inner =
    options['http-to'].length === 0 && options.http.length + options.https.length > 0
      ? await bindPrivateSockets(options.processes, owner)
      : ok(NO_PRIVATE_SOCKETS);
  if (!inner.ok) {
    if (isFirst) closeSockets(bound.value, () => undefined);
    return inner;
  }
  return ok({
    direct: bound.value.filter(({ isRouted }) => !isRouted),
    routed: bound.value.filter(({ isRouted }) => isRouted),
    inner: inner.value,
  });
}

/** Those of HTTP come first: an application that listens itself is given the first of all. */
function wantedSockets(options: Options): readonly ServedAddress[] {
  const wanted = (proto: ServedSocket['proto'], isRouted: boolean) => (address: string) => ({
    ...{ address, proto, isRouted },
  });
  return [
    ...options['http-socket'].map(wanted('http', false)),
    ...options.socket.map(wanted('uwsgi', false)),
    ...options.http.map(wanted('http', true)),
    ...httpsNames(options).map(wanted('https', true)),
  ];
}

function httpsNames(options: Options): readonly string[] {
  const addresses = httpsAddresses(options.https);
  return addresses.ok ? addresses.value.map(({ address }) => address) : [];
}

/** Whoever reaches a uwsgi socket says who the client is and whether it came by TLS. */
function openProblem({ proto, address, name, written }: ServedSocket): string | null {
  if (proto !== 'uwsgi' || typeof address === 'string') return null;
  if (/^(127\.|::1$|::ffff:127\.)/.test(address.address)) return null;
  return (
    `--socket ${written} is open to the network (${name}): who can connect there is trusted like the ` +
    `web server in front; bind 127.0.0.1:${address.port} or a path if that is on this machine`
  );
}

/** Binds every address, or takes what was `left` for it by the master before, or passed. */
async function bindAll(
  wanted: readonly ServedAddress[],
  left: InheritedSocket[],
  isFirst: boolean,
): Promise<Result<ServedSocket[], Problem>> {
  const sockets: ServedSocket[] = [];
  for (const { address, ...kind } of wanted) {
    const inherited = claim(left, address).map(adoptSocket);
    if (inherited.length > 0) {
      sockets.push(...inherited.map((socket): ServedSocket => ({ ...socket, ...kind })));
      continue;
    }
    const socket = await bindSocket(address);
    if (!socket.ok) {
      if (isFirst) closeSockets(sockets, () => undefined);
      return err(within(optionText({ address, ...kind }), socket.error));
    }
    sockets.push({ ...socket.value, ...kind });
  }
  return ok(sockets);
}
