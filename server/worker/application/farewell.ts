import net from 'node:net';
import { EXPORT_NAMES } from './exports.js';
import { recognise } from './shapes.js';

/** The names under which a module can export what is to be done before its process ends. */
const FAREWELL_NAMES = ['close', 'shutdown'] as const;

/**
 * What an application wants done after its last request: the function that its module exports as
 * `close` or `shutdown`, or a method of that name of the object it exports as default, or else
 * `close()` of the Fastify instance that it serves or exports. Of the two names the first counts.
 * Undefined when there is nothing to do. A server is not asked to close: that is done.
 */
export function findFarewell(
  namespace: object | undefined,
  served: object | undefined,
): (() => unknown) | undefined {
  const exported = namespace === undefined ? undefined : exportedFarewell(namespace);
  if (exported !== undefined) return exported;
  const fastify = served ?? (namespace === undefined ? undefined : exportedFastify(namespace));
  return fastify === undefined ? undefined : methodOf(fastify, 'close');
}

function exportedFarewell(namespace: object): (() => unknown) | undefined {
  for (const place of [namespace, Reflect.get(namespace, 'default') as unknown]) {
    if (!canHold(place) || place instanceof net.Server) continue;
    for (const name of FAREWELL_NAMES) {
      const method = methodOf(place, name);
      if (method !== undefined) return method;
    }
  }
  return undefined;
}

/** One that listens by itself is known by its server only. */
function exportedFastify(namespace: object): object | undefined {
  return EXPORT_NAMES.map((name): unknown => Reflect.get(namespace, name))
    .map(recognise)
    .find((found) => found?.shape === 'fastify')?.app;
}

/** A function can have methods too: an Express application is one. */
function canHold(value: unknown): value is object {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}

function methodOf(place: object, name: string): (() => unknown) | undefined {
  const value: unknown = Reflect.get(place, name);
  if (typeof value !== 'function') return undefined;
  return () => Reflect.apply(value, place, []) as unknown;
}
