import http from 'node:http';
import https from 'node:https';
import net from 'node:net';

type AnyFunction = (...args: never[]) => unknown;

export interface FastifyLike {
  readonly server: http.Server;
  ready(): PromiseLike<unknown>;
  routing(req: http.IncomingMessage, res: http.ServerResponse): void;
  listen(options: { port: number; host: string }): Promise<unknown>;
}

export interface KoaLike {
  callback(): http.RequestListener;
}

export interface FetchLike {
  fetch(request: unknown, env?: unknown): unknown;
}

/** An exported value that can be served, told apart from all others. */
export type Recognised =
  | { readonly shape: 'fastify'; readonly app: FastifyLike }
  | { readonly shape: 'express' | 'listener'; readonly app: http.RequestListener }
  | { readonly shape: 'koa'; readonly app: KoaLike }
  | { readonly shape: 'server'; readonly app: http.Server }
  | { readonly shape: 'fetch'; readonly app: FetchLike };

/**
 * Tells the shape of an exported value by what it can do, in a fixed order: Fastify (`ready` and
 * `routing`), Express (a function with `handle`), Koa (`callback`), a server of node:http or
 * node:https, a plain `(req, res)` function, an object with `fetch`. Nothing is called. Undefined:
 * it cannot be served, and `describe` says what it is instead.
 */
export function recognise(value: unknown): Recognised | undefined {
  if (isFastify(value)) return { shape: 'fastify', app: value };
  if (isListener(value)) {
    return { shape: has(value, 'handle') ? 'express' : 'listener', app: value };
  }
  if (isHttpServer(value)) return { shape: 'server', app: value };
  if (isKoa(value)) return { shape: 'koa', app: value };
  if (isFetch(value)) return { shape: 'fetch', app: value };
  return undefined;
}

/** A server of HTTP/1: what can be given the inherited socket. An `https.Server` is one too. */
export function isHttpServer(value: unknown): value is http.Server {
  return value instanceof http.Server || value instanceof https.Server;
}

/** A server of node:http2, whose classes are not exported. */
export function isHttp2Server(value: unknown): boolean {
  return value instanceof net.Server && /^Http2(Secure)?Server$/.test(value.constructor.name);
}

/** What an unusable value is, for an error message: `a promise`, `a class`, `an object`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isFunction(value)) return describeFunction(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (isFastifyNamed(value)) return 'a Fastify instance on node:http2, which is not supported';
  if (isHttp2Server(value)) return 'a node:http2 server, which is not supported';
  if (has(value, 'then')) return 'a promise';
  return Array.isArray(value) ? 'an array' : 'an object without fetch()';
}

function describeFunction(value: AnyFunction): string {
  return isClass(value)
    ? 'a class: export an instance'
    : 'a function without parameters: call it and export what it returns';
}

function isFastify(value: unknown): value is FastifyLike {
  return isFastifyNamed(value) && isHttpServer(value.server);
}

function isFastifyNamed(value: unknown): value is { server: unknown } {
  return has(value, 'ready') && has(value, 'routing') && has(value, 'listen');
}

function isKoa(value: unknown): value is KoaLike {
  return typeof value === 'object' && has(value, 'callback');
}

function isFetch(value: unknown): value is FetchLike {
  return typeof value === 'object' && has(value, 'fetch');
}

function isListener(value: unknown): value is http.RequestListener {
  if (!isFunction(value) || isClass(value)) return false;
  return has(value, 'handle') || !takesNothing(value);
}

/**
 * A function that names no parameter, not even `...rest`, and does not read `arguments` never sees
 * the response: it is a factory. It is not called, since that may start anything.
 */
function takesNothing(value: AnyFunction): boolean {
  if (value.length > 0) return false;
  const source = Function.prototype.toString.call(value);
  if (source.includes('[native code]') || /\barguments\b/.test(source)) return false;
  return /^(async\s*)?(function\b\s*)?[\w$]*\s*\(\s*\)/.test(source);
}

function isClass(value: AnyFunction): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}

/** Whether it has a method of that name, its own or inherited. */
function has<K extends string>(value: unknown, name: K): value is Record<K, AnyFunction> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return name in value && typeof Reflect.get(value, name) === 'function';
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}
