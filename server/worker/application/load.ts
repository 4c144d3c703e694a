import type http from 'node:http';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { err, ok, type Result } from '../../../shared/result.js';
import { LOAD_PROBLEMS } from '../../problems/application.js';
import type { Application, ApplicationSpec, Place } from './application.js';
import { findApplication } from './exports.js';
import type { Recognised } from './shapes.js';
import { explainLoadError, problemWithFile } from './load-error.js';
import { baselineResources, watchPending } from './pending.js';
import { alreadyListens, serve, type Servable } from './serve.js';
import { takeOver, type Taken, type Takeover } from './takeover.js';

export type { Application, ApplicationSpec, Place, Shape } from './application.js';
export { parseModule } from './module-spec.js';

/** How the evaluation of a module ended. */
type Evaluated =
  | { readonly type: 'evaluated'; readonly namespace: object }
  | { readonly type: 'failed'; readonly error: unknown };

type Event =
  | Evaluated
  | { readonly type: 'taken'; readonly taken: Taken }
  | { readonly type: 'idle' }
  | { readonly type: 'aborted' };

interface Load {
  readonly spec: ApplicationSpec;
  readonly place: Place;
  readonly onServer: (server: http.Server) => void;
  readonly takeover: Takeover;
  readonly evaluation: Promise<Evaluated>;
  readonly aborted: Promise<Event>;
  readonly baseline: readonly string[];
}

/**
 * Loads the application of `spec`, whatever its shape; `onServer` is called once, with the server
 * that will serve it, before it listens.
 *
 * Without a named export, a module that calls `listen()` is taken to listen itself: its first
 * HTTP(S) server gets the socket of `place`, even when it also exports something. Otherwise its
 * export is served. A module that does neither is waited for as long as something is under way
 * that could still call `listen()` (a database connection); `signal` is the limit for that. With a
 * named export, that one is served, and `listen()` on any but the public port is left alone.
 *
 * On failure the error is one text that names the file, the export and the remedy, followed by the
 * module's own stack if it threw; the takeover of `listen()` is undone. A server that had got the
 * socket before its module failed is closed, and the descriptor with it.
 */
export async function loadApplication(
  spec: ApplicationSpec,
  place: Place,
  onServer: (server: http.Server) => void,
  signal?: AbortSignal,
): Promise<Result<Application, string>> {
  const started = performance.now();
  const file = path.resolve(spec.file);
  const problem = problemWithFile(file);
  if (problem !== undefined) return err(problem);
  const takeover = takeOver({ place, takeFirst: spec.exportName === undefined, onServer });
  const baseline = baselineResources();
  const evaluation = evaluate(file);
  const load: Load = {
    spec: { ...spec, file },
    place,
    onServer,
    takeover,
    evaluation,
    aborted: whenAborted(signal),
    baseline,
  };
  const loaded = await untilServable(load);
  if (!loaded.ok) {
    takeover.dispose();
    takeover.taken()?.server.close();
    return loaded;
  }
  const namespace = evaluation.then((event) =>
    event.type === 'evaluated' ? event.namespace : undefined,
  );
  return ok({ ...loaded.value, namespace, loadedInMs: performance.now() - started });
}

async function untilServable(load: Load): Promise<Result<Servable, string>> {
  const { evaluation, takeover, aborted, spec } = load;
  const event = await Promise.race([evaluation, whenTaken(takeover), aborted]);
  switch (event.type) {
    case 'taken':
      return afterListen(event.taken, load);
    case 'evaluated':
      return afterEvaluation(event.namespace, load);
    case 'failed':
      return err(explainLoadError(spec.file, event.error));
    case 'aborted':
    case 'idle':
      return err(LOAD_PROBLEMS.unfinished(spec.file));
  }
}

/** The module listens. If it fails right after, that is a failed load; later, it is a crash. */
async function afterListen(taken: Taken, load: Load): Promise<Result<Servable, string>> {
  await Promise.race([taken.listening.catch(() => undefined), load.aborted]);
  const late = await Promise.race([load.evaluation, nextTurn<Event>({ type: 'taken', taken })]);
  if (late.type === 'failed') return err(explainLoadError(load.spec.file, late.error));
  void load.evaluation.then((evaluated) => {
    if (evaluated.type === 'failed') throw evaluated.error;
  });
  return ok(alreadyListens(taken));
}

async function afterEvaluation(namespace: object, load: Load): Promise<Result<Servable, string>> {
  const { takeover, spec } = load;
  const early = takeover.taken();
  if (early) return afterListen(early, load);
  const found = await findExported(namespace, spec);
  const taken = takeover.taken();
  if (taken) return afterListen(taken, load);
  if (found.ok) return serve(found.value, load);
  return spec.exportName === undefined ? untilListen(found.error, load) : found;
}

async function findExported(
  namespace: object,
  spec: ApplicationSpec,
): Promise<Result<Recognised, string>> {
  try {
    return await findApplication(namespace, spec);
  } catch (error) {
    return err(explainLoadError(spec.file, error));
  }
}

/** Nothing usable is exported: either the module still gets to its `listen()`, or it fails. */
async function untilListen(problem: string, load: Load): Promise<Result<Servable, string>> {
  const watch = watchPending(load.baseline);
  const idle = watch.nothingPending.then((): Event => ({ type: 'idle' }));
  const event = await Promise.race([whenTaken(load.takeover), idle, load.aborted]);
  watch.stop();
  if (event.type === 'taken') return afterListen(event.taken, load);
  const http2 = load.takeover.sawHttp2()
    ? '; it listens with node:http2, which is not taken over: use node:http or node:https'
    : '';
  const waited = event.type === 'aborted' ? ', and it has not called listen() in time' : '';
  return err(`${problem}${waited}${http2}`);
}

async function evaluate(file: string): Promise<Evaluated> {
  try {
    const namespace: unknown = await import(pathToFileURL(file).href);
    return { type: 'evaluated', namespace: Object(namespace) as object };
  } catch (error) {
    return { type: 'failed', error };
  }
}

async function whenTaken(takeover: Takeover): Promise<Event> {
  return { type: 'taken', taken: await takeover.first };
}

function whenAborted(signal: AbortSignal | undefined): Promise<Event> {
  return new Promise((resolve) => {
    const abort = (): void => {
      resolve({ type: 'aborted' });
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
