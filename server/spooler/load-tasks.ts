import { pathToFileURL } from 'node:url';
import { err, ok, type Result } from '../../shared/result.js';
import { explainLoadError, problemWithFile } from '../worker/application/load-error.js';
import { tasksOfProcess, type TaskFunction } from './tasks.js';

/** Loads the module with the tasks; the error is a text that names the file and the remedy. */
export async function loadTasks(
  file: string,
): Promise<Result<ReadonlyMap<string, TaskFunction>, string>> {
  const problem = problemWithFile(file);
  if (problem !== undefined) {
    return err(problem.replace('--module FILE[:export]', '--spooler-import FILE'));
  }
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    return err(explainLoadError(file, error));
  }
  const tasks = tasksOfProcess();
  if (tasks.size > 0) return ok(tasks);
  return err(
    `${file} has no tasks: call task(name, run) in it, with import { task } from 'tsuwsgi/spooler'`,
  );
}
