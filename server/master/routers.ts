import { foreignBackends } from '../options/http-to.js';
import { staticSettings } from '../options/static-settings.js';
import { requestLimits } from '../options/request-limits.js';
import { logSettings } from '../options/request-log.js';
import type { Options } from '../options/table.js';
import { trustedProxies } from '../options/trusted-proxies.js';
import type { RouterConfig, RouterSocket } from '../router/config.js';
import type { Sources } from '../stats/document/sources.js';
import type { StderrFrame } from '../wire/frames.js';
import type { RouterFrame, RouterOrder } from '../wire/router-frames.js';
import type { MasterEffect, MasterEvent } from './decide/events.js';
import { askedWorkers } from './decide/routers/backends.js';
import { createRouterBook, type RouterBook } from './decide/routers/router-book.js';
import { routerOf } from './decide/routers/router-slots.js';
import { createSilenceWatch, signPeriod, type SilenceWatch } from './decide/silence.js';
import type { MasterState } from './decide/state.js';
import type { ServedSocket } from './bind.js';
import type { Listeners } from './listeners.js';
import type { PrivateSockets } from './private-sockets.js';
import { createRouterSpawner, type RouterSpawner, type RouterStart } from './router-spawner.js';
import type { Certificates } from './tls/certificates.js';

/** The processes of `--http`, as the master has them. */
export interface Routers {
  readonly book: Pick<RouterBook, 'queued'>;
  /** What the stats document tells of them. */
  readonly sources: Sources['routers'];
  /** All their processes. */
  pids(): readonly number[];
  /** Performs what concerns routers of an effect that the arbiter wants. */
  perform(effect: RouterEffect): void;
  /** To be called with every new state: routers are told who can be asked. */
  observe(state: MasterState): void;
  /** To be called once a second: who gives no sign of life. */
  look(): void;
}

/** What of the arbiter's wishes concerns routers. */
export type RouterEffect = Extract<MasterEffect, { type: 'spawn-router' | 'send' | 'sigkill' }>;

/** What the routers of a master work on. */
export interface RouterParts extends Omit<RouterStart, 'sockets'> {
  /** Those that hold now. */
  readonly options: () => Options;
  readonly listeners: Pick<Listeners, 'routed' | 'inner' | 'certificates'>;
  readonly state: () => MasterState;
  readonly post: (event: MasterEvent) => void;
}

/** Of clients that name none. */
const HTTPS_PORT = 443;

export function createRouters(parts: RouterParts): Routers {
  const { options, state, post } = parts;
  const workers = parts.listeners.inner;
  const book = createRouterBook();
  const silence = createSilenceWatch(() => options()['worker-stall'] * 1000);
  const spawner = spawnerOf(parts, book, silence);
  const pids = (): readonly number[] =>
    state().routers.flatMap(({ processes }) => processes.map(({ pid }) => pid));
  let told: RouterOrder = backendsOf(state(), workers);
  let seen: MasterState | null = null;
  const spawn = (router: number): void => {
    // A reload shows what is in the files by then.
    parts.listeners.certificates.renew();
    const { routed } = parts.listeners;
    const pid = spawner.spawn(configOf(router, options(), { paused: state().paused, routed }));
    if (pid === undefined) return;
    silence.born(pid, performance.now());
    post({ type: 'router-spawned', router, pid });
    // Before the first workers, with which it begins to accept.
    sendCredentials(pid, spawner, parts.listeners);
    spawner.send(pid, told);
  };
  followCertificates(parts, () => {
    for (const pid of pids()) sendCredentials(pid, spawner, parts.listeners);
  });
  return {
    book,
    sources: {
      figures: (router) => book.figures(router),
      addresses: parts.listeners.routed.map(({ name }) => name),
      queueLimit: () => options()['http-queue'],
      certificates: () => parts.listeners.certificates.shown(),
    },
    pids,
    perform(effect) {
      switch (effect.type) {
        case 'spawn-router':
          spawn(effect.router);
          break;
        case 'send':
          spawner.send(effect.pid, { type: effect.frame });
          break;
        case 'sigkill':
          spawner.kill(effect.pid);
          break;
      }
    },
    observe(now) {
      if (now.routers.length === 0 || !mayDiffer(seen, now)) return;
      seen = now;
      const order = backendsOf(now, workers);
      if (JSON.stringify(order) === JSON.stringify(told)) return;
      told = order;
      for (const pid of pids()) spawner.send(pid, order);
    },
    look() {
      for (const { pid, silentMs } of silence.look(performance.now())) {
        post({ type: 'router-stalled', pid, silentMs });
      }
    },
  };
}

function followCertificates({ listeners, post }: RouterParts, onChange: () => void): void {
  listeners.certificates.watch({
    onChange,
    onNews(news) {
      post({ type: 'certificate', news });
    },
  });
}

function spawnerOf(parts: RouterParts, book: RouterBook, silence: SilenceWatch): RouterSpawner {
  const { post, listeners } = parts;
  /** The last lines of stderr of each process. */
  const stderr = new Map<number, readonly string[]>();
  return createRouterSpawner(
    {
      ...parts,
      sockets: listeners.routed.map((socket) => routerSocket(socket, listeners.certificates)),
    },
    {
      frame(pid, frame) {
        silence.heard(pid, performance.now());
        if (frame.type === 'stderr') stderr.set(pid, frame.lines);
        else onFrame(pid, frame, parts, book);
      },
      exited(pid, how) {
        silence.forget(pid);
        book.retire(pid);
        post({ type: 'router-exited', pid, ...how, stderr: stderr.get(pid) ?? [] });
        stderr.delete(pid);
      },
      failed(router, message) {
        post({ type: 'router-spawn-failed', router, message });
      },
    },
  );
}

function onFrame(
  pid: number,
  frame: Exclude<RouterFrame, StderrFrame>,
  { state, post }: Pick<RouterParts, 'state' | 'post'>,
  book: RouterBook,
): void {
  switch (frame.type) {
    case 'ready':
      post({ type: 'router-ready', pid });
      break;
    case 'leaves':
      post({ type: 'router-leaves', pid, why: frame.why });
      break;
    case 'lingers':
      post({ type: 'router-lingers', pid });
      break;
    case 'figures': {
      const router = routerOf(state(), pid);
      if (router !== undefined) book.told(router.id, pid, frame.figures);
      break;
    }
    case 'same':
      break;
  }
}

function mayDiffer(before: MasterState | null, now: MasterState): boolean {
  return before?.slots !== now.slots || before.paused !== now.paused;
}

function backendsOf(state: MasterState, { sockets }: PrivateSockets): RouterOrder {
  const backends = askedWorkers(state).flatMap(({ worker, pid }) => {
    const socket = sockets[worker - 1];
    return socket === undefined ? [] : [{ id: worker, pid, path: socket.name }];
  });
  return { type: 'backends', backends };
}

function routerSocket(
  { fd, name, proto, written }: ServedSocket,
  certificates: Certificates,
): RouterSocket {
  if (proto !== 'https') return { fd, name, tls: 'none' };
  return { fd, name, tls: certificates.of(written)?.clientCa == null ? 'server' : 'mutual' };
}

/** Tells a router what to show on each of its sockets with TLS. */
function sendCredentials(
  pid: number,
  spawner: RouterSpawner,
  { routed, certificates }: RouterParts['listeners'],
): void {
  routed.forEach(({ proto, written }, socket) => {
    const shown = proto === 'https' ? certificates.of(written) : null;
    if (shown !== null) spawner.send(pid, { type: 'credentials', socket, ...shown });
  });
}

/** Where `--https-redirect` sends clients. */
function redirectTo(
  options: Options,
  routed: Listeners['routed'],
): Pick<RouterConfig['settings'], 'redirectTo'> {
  const written = options['https-redirect'];
  if (written === undefined) return {};
  const first = routed.find(({ proto }) => proto === 'https')?.address;
  const bound = typeof first === 'object' ? first.port : HTTPS_PORT;
  return { redirectTo: written === '' ? bound : Number(written) };
}

function configOf(
  id: number,
  options: Options,
  { paused, routed }: { readonly paused: boolean; readonly routed: Listeners['routed'] },
): Omit<RouterConfig, 'sockets' | 'requestsFd'> {
  const ms = (seconds: number): number => seconds * 1000;
  const to = foreignBackends(options['http-to']);
  return {
    id,
    backlog: options.listen,
    signMs: signPeriod(ms(options['worker-stall'])),
    paused,
    log: logSettings(options),
    settings: {
      queue: options['http-queue'],
      timeoutMs: ms(options['http-timeout']),
      headersTimeoutMs: ms(options['http-headers-timeout']),
      connectTimeoutMs: ms(options['http-connect-timeout']),
      keepAliveMs: ms(options['http-keepalive']),
      trusted: trustedProxies(options['trust-proxy']),
      proxyProtocol: options['http-enable-proxy-protocol'],
      async: to.length > 0 ? 0 : (options.async ?? 0),
      to,
      files: staticSettings(options),
      limits: requestLimits(options),
      maxHeaderSize: options['limit-headers'],
      ...(options.hsts !== undefined && { transportSecurity: options.hsts }),
      ...redirectTo(options, routed),
      ...(options['http-auto-gzip'] && { compresses: true }),
    },
  };
}
