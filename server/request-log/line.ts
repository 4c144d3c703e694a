import { cgiSize, protocolOf } from './cgi.js';
import type { LineWriter, LogOrigin } from './entry.js';
import { word } from './escape.js';
import { bodyBytes, headerCount } from './logged.js';
import { createCtime } from './times.js';

/** uWSGI's default line. */
export function createLine(inMicros: boolean, hasMemory: boolean): LineWriter {
  const ctime = createCtime();
  const unit = inMicros ? 'micros' : 'msecs';
  return ({ logged, origin, client, endedAt }) => {
    const { request, head, core, micros, status, isStatic } = logged;
    const { worker, total } = origin.counts();
    const vars = cgiSize(request);
    const took = Math.floor(inMicros ? micros : micros / 1000);
    // The way and not the system call, in uWSGI's words, which readers of its log know.
    const via = isStatic ? 'via sendfile() ' : '';
    const app = origin.hasApp ? `app: 0|req: ${worker}/${total}` : `app: -1|req: -1/${total}`;
    return (
      `${hasMemory ? memoryPrefix(origin) : ''}[pid: ${origin.pid}|${app}] ${word(client)} () ` +
      `{${vars.count} vars in ${vars.bytes} bytes} [${ctime(endedAt)}] ` +
      `${request.method ?? '-'} ${word(request.url ?? '-')} => generated ${bodyBytes(logged)} bytes in ${took} ${unit} ` +
      `${via}(${protocolOf(request) || '-'} ${status}) ${headerCount(head)} headers in ${head.length} bytes ` +
      `(1 switches on core ${Math.max(0, core)})`
    );
  };
}

/** uWSGI's prefix of a request line under --memory-report. */
function memoryPrefix(origin: LogOrigin): string {
  const { vsz, rss } = origin.memory();
  return `{address space usage: ${amount(vsz)}} {rss usage: ${amount(rss)}} `;
}

function amount(bytes: number): string {
  return `${bytes} bytes/${Math.floor(bytes / 1024 / 1024)}MB`;
}
