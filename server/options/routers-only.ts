import type { Options } from './table.js';

/** Whether routers are all there is: they ask others, and there is no application. */
export function isRoutersOnly(options: Options): boolean {
  return options['http-to'].length > 0 && options.module === undefined;
}

/** What is about workers says nothing where there are none. */
function ofWorkers({ processes, cheaper }: Options): string | null {
  if (cheaper !== undefined) return `--cheaper ${cheaper}`;
  // One is what it is without being told.
  return processes > 1 ? `--processes ${processes}` : null;
}

/** What the options say of back ends must agree with the rest. */
export function backendProblem(options: Options): string | null {
  if (options['http-to'].length === 0) return null;
  if (options.http.length + options.https.length === 0) {
    return '--http-to has no router to pass requests on: give --http ADDR or --https ADDR,CERT,KEY too';
  }
  const own = options['http-socket'].length + options.socket.length;
  if (options.module !== undefined && own === 0) {
    return '--module beside --http-to is reached by nobody, since the router asks the back ends: give --socket ADDR or --http-socket ADDR too, or leave --module out';
  }
  if (options.module === undefined && own > 0) {
    return '--socket and --http-socket beside --http-to are for workers: give --module FILE too, or leave them out';
  }
  const idle = ofWorkers(options);
  if (options.module === undefined && idle !== null) {
    return `${idle} beside --http-to is for workers, and without an application there are none: give --module FILE too, or leave it out (--http-processes is how many routers)`;
  }
  return null;
}
