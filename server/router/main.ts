import { EXIT } from '../wire/exit-codes.js';
import { isListenError } from '../worker/listening.js';
import { readRouterConfig } from './config.js';
import { RouterProcess } from './router-process.js';

/** The entry of a router process. */

const config = readRouterConfig();
process.title = `tsuwsgi http ${config.id}`;
new RouterProcess(config, (error) => {
  process.stderr.write(`http ${config.id}: ${error.message}\n`);
  process.exit(isListenError(error) ? EXIT.noListen : 1);
});
