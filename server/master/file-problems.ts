import { existsSync } from 'node:fs';
import path from 'node:path';
import { staticSettings } from '../options/static-settings.js';
import type { Options } from '../options/table.js';
import { staticProblems } from '../static/check-settings.js';
import { parseModule } from '../worker/application/module-spec.js';
import type { Problem } from '../../shared/problem.js';
import { MACHINE_PROBLEMS } from '../options/problems/machine.js';

/** Which files and folders are missing that the options name; `folder` is where workers start. */
export function fileProblems(options: Options, folder: string): readonly Problem[] {
  const module = moduleProblem(options, folder);
  return [...staticProblems(staticSettings(options)), ...(module === null ? [] : [module])];
}

/** What it exports only a worker can tell, which loads it. */
export function moduleProblem({ module }: Pick<Options, 'module'>, folder: string): Problem | null {
  if (module === undefined) return null;
  const spec = parseModule(module);
  if (!spec.ok) return spec.error;
  const file = path.resolve(folder, spec.value.file);
  return existsSync(file) ? null : MACHINE_PROBLEMS.moduleMissing(module, file);
}
