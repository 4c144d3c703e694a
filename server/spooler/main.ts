import { EXIT } from '../wire/exit-codes.js';
import { readSpoolerConfig } from './config.js';
import { SpoolerProcess } from './spooler-process.js';

/** The entry of a spooler process. */

const config = readSpoolerConfig();
process.title = `tsuwsgi spooler ${config.id}`;
const problem = await new SpoolerProcess(config).start();
if (problem !== null) {
  process.stderr.write(`spooler ${config.id} (pid: ${process.pid}): ${problem}\n`);
  process.exit(EXIT.noApp);
}
