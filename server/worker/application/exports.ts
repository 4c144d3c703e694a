import type { Problem } from '../../../shared/problem.js';
import { err, ok, type Result } from '../../../shared/result.js';
import { LOAD_PROBLEMS } from '../../problems/application.js';
import type { ApplicationSpec } from './application.js';
import { describe, recognise, type Recognised } from './shapes.js';

/** Where an application is looked for when `--module` names no export. */
export const EXPORT_NAMES = ['default', 'app', 'application', 'handler', 'server'] as const;

const REMEDY =
  'export a (req, res) function, an Express, Koa or Fastify application, an http.Server ' +
  'or an object with fetch(request), or call listen()';

/**
 * Finds the application among a module's exports. Without a name the first usable one of
 * `EXPORT_NAMES` is taken: first of the module, then of the object it exports as default, which
 * is how `module.exports = { app }` and transpiled modules (`exports.default`) arrive. A promise
 * is awaited, so that CommonJS can export one; functions are never called.
 */
export async function findApplication(
  namespace: object,
  spec: ApplicationSpec,
): Promise<Result<Recognised, Problem>> {
  const places = [namespace, ...inner(namespace)];
  if (spec.exportName !== undefined) return named(places, spec.file, spec.exportName);
  for (const place of places) {
    for (const name of EXPORT_NAMES) {
      const found = await settle(Reflect.get(place, name));
      if (found) return ok(found);
    }
  }
  const remedy = `${REMEDY}${hint(places, spec)}`;
  return err(LOAD_PROBLEMS.exportsNothing(spec.file, listed(places), remedy));
}

async function named(
  places: readonly object[],
  file: string,
  name: string,
): Promise<Result<Recognised, Problem>> {
  const place = places.find((candidate) => Object.hasOwn(candidate, name));
  if (!place) {
    const names = exportNames(places);
    const known = names.length === 0 ? 'nothing' : names.join(', ');
    return err(LOAD_PROBLEMS.noSuchExport(file, name, known));
  }
  const value: unknown = Reflect.get(place, name);
  const found = await settle(value);
  if (found) return ok(found);
  return err(LOAD_PROBLEMS.unservable(file, name, describe(value), REMEDY));
}

/**
 * A Fastify instance is a thenable of its own: whatever can be served as it is, is not awaited,
 * and what a promise holds must not be returned bare from an async function.
 */
async function settle(value: unknown): Promise<Recognised | undefined> {
  const direct = recognise(value);
  if (direct || !(value instanceof Promise)) return direct;
  const box = await value.then((settled: unknown) => ({ found: recognise(settled) }));
  return box.found;
}

function inner(namespace: object): object[] {
  const value: unknown = Reflect.get(namespace, 'default');
  return typeof value === 'object' && value !== null ? [value] : [];
}

function exportNames(places: readonly object[]): string[] {
  const names = places.flatMap((place) => Object.keys(place));
  return [...new Set(names)].filter((name) => name !== 'module.exports').slice(0, 12);
}

function listed(places: readonly object[]): string {
  const found = places.flatMap((place) =>
    EXPORT_NAMES.filter((name) => Object.hasOwn(place, name)).map((name) => ({
      name,
      value: Reflect.get(place, name) as unknown,
    })),
  );
  const telling = found.find(({ value }) => !isEmptyObject(value));
  if (!telling) return 'exports nothing';
  return `exports nothing (its "${telling.name}" is ${describe(telling.value)})`;
}

/** What `module.exports` is when nothing was assigned to it. */
function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** Points to an export of another name, if there is one that could be served. */
function hint(places: readonly object[], spec: ApplicationSpec): string {
  const usable = exportNames(places).find((name) =>
    places.some((place) => recognise(Reflect.get(place, name)) !== undefined),
  );
  return usable === undefined ? '' : `; or name its export: --module ${spec.file}:${usable}`;
}
