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
  const pullImports = followImports(found);
  followRequires(found);
  return {
    flush() {
      pullImports();
      tell();
    },
  };
}

/** ES modules are told by the loader's thread; the returned function takes what has not come yet. */
function followImports(found: (file: string) => void): () => void {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const take = (url: unknown): void => {
    if (typeof url === 'string') found(fileURLToPath(url));
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
