import http from 'node:http';
import { EXIT } from '../../wire/exit-codes.js';
import type { WorkerConfig } from '../config.js';

/**
 * What serves when no application could be loaded: as uWSGI without --need-app, a server whose every
 * answer is 500. Ends the process where that is not wanted: under --need-app, where other workers
 * serve the application, from whom it would take connections, and where the module took the socket
 * along when it failed.
 */
export function serverWithout(
  config: Pick<WorkerConfig, 'needApp' | 'othersServe'>,
  socketKept: boolean,
  say: (line: string) => void,
): http.Server {
  if (config.needApp) {
    say('*** no app loaded. GAME OVER ***');
    process.exit(EXIT.noApp);
  }
  if (config.othersServe) process.exit(EXIT.noApp);
  if (!socketKept) {
    say('the module had the socket when it failed, and took it along: starting again');
    process.exit(1);
  }
  say('*** no app loaded. going in full dynamic mode ***');
  return http.createServer((_request, response) => {
    say('--- no application found, check your startup logs for errors ---');
    response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal Server Error');
  });
}
