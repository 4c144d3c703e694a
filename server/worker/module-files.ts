import Module, { register } from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

/** Files are told in lots, so that a frame stays short whatever their paths are. */
const LOT = 50;
/** How long files are gathered. */
const GATHER_MS = 50;

export interface ModuleFiles {
  /** Tells at once what is known now. */
  flush(): void;
}

/**
 * Tells `report` every file that is loaded as a module from now on, ES modules and CommonJS, broken
 * ones too; each once, as an absolute path. What lies in `node_modules` is left out: it does not
 * change while one works, and there can be thousands.
 */
export function traceModuleFiles(report: (files: readonly string[]) => void): ModuleFiles {
  const known = new Set<string>();
  let fresh: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const files = fresh;
    fresh = [];
    for (let at = 0; at < files.length; at += LOT) report(files.slice(at, at + LOT));
  };
  const found = (file: string): void => {
    if (known.has(file) || file.includes(`${sep}node_modules${sep}`)) return;
    known.add(file);
    fresh.push(file);
    timer ??= setTimeout(tell, GATHER_MS).unref();
  };
  const pullImports = followImports((url) => {
    if (url.startsWith('file:')) found(fileURLToPath(url));
  });
  followRequires(found);
  return {
    flush() {
      pullImports();
      tell();
    },
  };
}

/** Tells the URLs of ES modules; the returned function takes those that have not come yet. */
function followImports(found: (url: string) => void): () => void {
  return hookLoader(found) ? () => undefined : hookLoaderThread(found);
}

/** Node warns of `register` from here on, and has had `registerHooks` for long enough. */
const NODE_WITH_HOOKS = 26;

/** Hooks the loader in this thread; false in a Node whose loader has a thread of its own. */
function hookLoader(found: (url: string) => void): boolean {
  const registerHooks: unknown = Reflect.get(Module, 'registerHooks');
  if (typeof registerHooks !== 'function') return false;
  if (Number.parseInt(process.versions.node) < NODE_WITH_HOOKS) return false;
  const load = (url: string, context: unknown, next: NextLoad): unknown => {
    found(url);
    return next(url, context);
  };
  Reflect.apply(registerHooks, Module, [{ load }]);
  return true;
}

type NextLoad = (url: string, context: unknown) => unknown;

/** There they are told by the loader's thread. */
function hookLoaderThread(found: (url: string) => void): () => void {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const take = (url: unknown): void => {
    if (typeof url === 'string') found(url);
  };
  ours.on('message', take);
  ours.unref();
  register(new URL('./module-hooks.js', import.meta.url), {
    data: { port: theirs },
    transferList: [theirs],
  });
  return () => {
    for (let got = receiveMessageOnPort(ours); got; got = receiveMessageOnPort(ours)) {
      take(got.message);
    }
  };
}

/**
 * What `require` loads passes the functions that Node keeps for each ending. `require.cache` would
 * not do: a module that throws is not left in it.
 */
function followRequires(found: (file: string) => void): void {
  const loaders: unknown = Reflect.get(Module, '_extensions');
  if (typeof loaders !== 'object' || loaders === null) return;
  for (const ending of Object.keys(loaders)) {
    const loader: unknown = Reflect.get(loaders, ending);
    if (typeof loader !== 'function') continue;
    Reflect.set(loaders, ending, function (this: unknown, ...args: unknown[]): unknown {
      const [, file] = args;
      if (typeof file === 'string') found(file);
      const result: unknown = Reflect.apply(loader, this, args);
      return result;
    });
  }
}
