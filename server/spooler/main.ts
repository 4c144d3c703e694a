import { EXIT } from '../wire/exit-codes.js';
import { writeAtOnce } from '../worker/collected-output.js';
import { readSpoolerConfig, runsTasks, type SpoolerConfig } from './config.js';
import { recoverQueue } from './recover-queue.js';
import { SpoolerProcess } from './spooler-process.js';

/** The entry of a spooler process, and of one that only offers again what dead spoolers had. */

async function runTasks(config: SpoolerConfig): Promise<void> {
  process.title = `tsuwsgi spooler ${config.id}`;
  const problem = await new SpoolerProcess(config).start();
  if (problem === null) return;
  process.stderr.write(`spooler ${config.id} (pid: ${process.pid}): ${problem}\n`);
  process.exit(EXIT.noApp);
}

const config = readSpoolerConfig();
if (config.isCollected) writeAtOnce(process);
if (runsTasks(config)) await runTasks(config);
else process.exit(await recoverQueue(config));
