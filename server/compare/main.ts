import { constants, setPriority } from 'node:os';
import { writeSync } from 'node:fs';
import { err, messageOf, type Result } from '../../shared/result.js';
import { compareFiles } from './compare-files.js';
import { readRequest } from './request.js';

/**
 * The process that compares two snapshots for the master: with the rights of the workers, who wrote
 * the files, at the lowest priority, and with a heap that the master has bounded.
 */
function compared(json: string): Result<string, string> {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    const request = readRequest(json);
    return request === null
      ? err('this is no request to compare snapshots')
      : compareFiles(request);
  } catch (error) {
    return err(messageOf(error));
  }
}

const result = compared(process.argv[2] ?? 'null');
writeSync(1, JSON.stringify(result));
