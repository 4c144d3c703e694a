import { pathToFileURL } from 'node:url';
import { err, ok, type Result } from '../../shared/result.js';
import { LOAD_PROBLEMS } from '../problems/application.js';
import { explainLoadError, problemWithFile } from '../worker/application/load-error.js';
import { tasksOfProcess, type TaskFunction } from './tasks.js';

/** Loads the module with the tasks; the error is a text that names the file and the remedy. */
export async function loadTasks(
  file: string,
): Promise<Result<ReadonlyMap<string, TaskFunction>, string>> {
  const problem = problemWithFile(file, '--spooler-import FILE');
  if (problem !== undefined) return err(problem);
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    return err(explainLoadError(file, error));
  }
  const tasks = tasksOfProcess();
  if (tasks.size > 0) return ok(tasks);
  return err(LOAD_PROBLEMS.noTasks(file));
}
