import http from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { err, ok, type Result } from '../../../shared/result.js';
import type { Application, ApplicationSpec, Place, Shape } from './application.js';
import { explain } from './load-error.js';
import type { FastifyLike, FetchLike, KoaLike, Recognised } from './shapes.js';
import type { Taken, Takeover } from './takeover.js';

/** An application but for what is known of its loading. */
export type Servable = Omit<Application, 'loadedInMs' | 'namespace'>;

export interface ServeContext {
  readonly spec: ApplicationSpec;
  readonly place: Place;
  readonly takeover: Takeover;
  readonly onServer: (server: http.Server) => void;
}

/** A server made of an export. */
interface Prepared {
  readonly server: http.Server;
  /** Whether another server would serve the same application. */
  readonly same: (server: http.Server) => boolean;
}

/** Makes a server of what a module exports, announces it, and says how it starts to listen. */
export async function serve(
  found: Recognised,
  context: ServeContext,
): Promise<Result<Servable, string>> {
  const prepared = await prepare(found, context.spec.file);
  if (!prepared.ok) return prepared;
  const { server, same } = prepared.value;
  const twice = listensBesides(prepared.value, context);
  if (twice !== undefined) return err(twice);
  context.takeover.keepFor(server, same);
  context.onServer(server);
  if (found.shape === 'fastify') return serveFastify(found.app, context);
  return ok({ server, shape: found.shape, listen: () => context.takeover.listen(server) });
}

/** An application that listened while it was loaded, and was given the socket. */
export function alreadyListens(taken: Taken): Servable {
  const shape: Shape = 'listens itself';
  return { server: taken.server, shape, listen: () => taken.listening };
}

async function prepare(found: Recognised, file: string): Promise<Result<Prepared, string>> {
  switch (found.shape) {
    case 'express':
    case 'listener':
      return ok({
        server: http.createServer(found.app),
        same: (other) => other.listeners('request').some((listener) => listener === found.app),
      });
    case 'koa':
      return ok(prepareKoa(found.app));
    case 'fetch':
      return prepareFetch(found.app, file);
    case 'fastify':
      return ok({ server: found.app.server, same: () => false });
    case 'server':
      return ok({ server: found.app, same: () => false });
  }
}

/** Koa makes a new function for each server: those made from now on are remembered. */
function prepareKoa(app: KoaLike): Prepared {
  const made = new WeakSet<object>();
  const server = http.createServer(app.callback());
  const original: unknown = Reflect.get(app, 'callback');
  app.callback = () => {
    if (typeof original !== 'function') throw new TypeError('callback is no longer a function');
    const listener = Reflect.apply(original, app, []) as http.RequestListener;
    made.add(listener);
    return listener;
  };
  return {
    server,
    same: (other) => other.listeners('request').some((listener) => made.has(listener)),
  };
}

/** The adapter from Node's requests to web-standard ones is an optional dependency. */
async function prepareFetch(app: FetchLike, file: string): Promise<Result<Prepared, string>> {
  try {
    const { getRequestListener } = await import('@hono/node-server');
    const listener = getRequestListener((request, env) => app.fetch(request, env), {
      overrideGlobalObjects: false,
    });
    const server = http.createServer((req, res) => void listener(req, res));
    return ok({ server, same: () => false });
  } catch (error) {
    if (!isModuleNotFound(error)) throw error;
    return err(
      `${file} exports an object with fetch(), which needs the package "@hono/node-server": ` +
        'install it: npm install @hono/node-server',
    );
  }
}

function isModuleNotFound(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'ERR_MODULE_NOT_FOUND';
}

/** An export that was named, and that the module serves on a port of its own besides. */
function listensBesides(prepared: Prepared, context: ServeContext): string | undefined {
  const { spec, takeover } = context;
  const own = takeover
    .ownServers()
    .find(({ server }) => server === prepared.server || prepared.same(server));
  if (!own) return undefined;
  const where = own.port === undefined ? 'by itself' : `by itself on port ${own.port}`;
  return (
    `${spec.file}: the export "${spec.exportName ?? 'default'}" also listens ${where}: ` +
    `write --module ${spec.file} without a name, and its listen() is given the shared socket`
  );
}

/**
 * Fastify loads its plugins in `ready()`, and listens itself, so that its `onListen` hooks run.
 * Where the module has called `listen()` without waiting, that call comes first.
 */
async function serveFastify(
  app: FastifyLike,
  { spec, place, takeover }: ServeContext,
): Promise<Result<Servable, string>> {
  try {
    await app.ready();
  } catch (error) {
    return err(`cannot load ${spec.file}: Fastify is not ready\n${explain(error)}`);
  }
  await nextTurn();
  const taken = takeover.taken();
  if (taken) return ok({ ...alreadyListens(taken), fastify: app });
  const port = typeof place.address === 'string' ? 0 : place.address.port;
  const listen = async (): Promise<void> => {
    // An address, not a name: for "localhost" Fastify would listen twice.
    await app.listen({ port, host: '127.0.0.1' });
  };
  return ok({ server: app.server, shape: 'fastify', fastify: app, listen });
}
