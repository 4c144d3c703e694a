import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../shared/result.js';
import type { StaticSettings } from './settings.js';
import type { Problem } from '../../shared/problem.js';
import { MACHINE_PROBLEMS } from '../options/problems/machine.js';

/** What is not there of what is to be served, each a sentence with its remedy. */
export function staticProblems(settings: StaticSettings): Problem[] {
  return [
    ...settings.maps.flatMap(({ mount, folder, keepsMount }) =>
      keepsMount
        ? folderProblem(`--static-map2 ${mount}=${folder}`, path.join(folder, mount))
        : placeProblem(`--static-map ${mount === '' ? '/' : mount}=${folder}`, folder),
    ),
    ...settings.checked.flatMap((folder) => folderProblem(`--check-static ${folder}`, folder)),
    ...settings.safe.flatMap((folder) => folderProblem(`--static-safe ${folder}`, folder)),
    ...settings.mimeFiles.flatMap(mimeProblem),
  ];
}

function placeProblem(option: string, place: string): Problem[] {
  const stat = statOf(place);
  if (stat?.isFile() === true) return [];
  return folderProblem(option, place);
}

function folderProblem(option: string, folder: string): Problem[] {
  const stat = statOf(folder);
  if (stat?.isDirectory() === true) return [];
  return [
    stat === null
      ? MACHINE_PROBLEMS.noFolder(option, folder)
      : MACHINE_PROBLEMS.notAFolder(option, folder),
  ];
}

function statOf(place: string): ReturnType<typeof statSync> | null {
  try {
    return statSync(place);
  } catch {
    return null;
  }
}

function mimeProblem(file: string): Problem[] {
  try {
    readFileSync(file);
    return [];
  } catch (error) {
    return [MACHINE_PROBLEMS.mimeFile(file, messageOf(error))];
  }
}
