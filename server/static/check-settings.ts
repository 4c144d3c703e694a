import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../shared/result.js';
import type { StaticSettings } from './settings.js';

/** What is not there of what is to be served, each a sentence with its remedy. */
export function staticProblems(settings: StaticSettings): string[] {
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

function placeProblem(option: string, place: string): string[] {
  const stat = statOf(place);
  if (stat?.isFile() === true) return [];
  return folderProblem(option, place);
}

function folderProblem(option: string, folder: string): string[] {
  const stat = statOf(folder);
  if (stat?.isDirectory() === true) return [];
  const fault = stat === null ? 'there is no such folder' : 'that is not a folder';
  return [`${option}: ${fault}: ${folder}; make it, or name another`];
}

function statOf(place: string): ReturnType<typeof statSync> | null {
  try {
    return statSync(place);
  } catch {
    return null;
  }
}

function mimeProblem(file: string): string[] {
  try {
    readFileSync(file);
    return [];
  } catch (error) {
    return [
      `--mime-file ${file} cannot be read: ${messageOf(error)}; on Debian it is in media-types`,
    ];
  }
}
