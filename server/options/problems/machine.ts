import { type Part, problemTable } from '../../../shared/problem.js';

/** What this machine has against options that are sound by themselves. */
export const MACHINE_PROBLEMS = problemTable({
  noUser: (text: Part) => [
    `there is no user "${text}" in /etc/passwd`,
    '; give a name from there, or a number',
  ],
  noGroup: (text: Part) => [
    `there is no group "${text}" in /etc/group`,
    '; give a name from there, or a number',
  ],
  furtherGroupsOfRoot: (groups: Part) => [
    `--add-gid ${groups} cannot be used with --master-as-root: children started by root get no further groups`,
    '; leave one of them out',
  ],
  groupUnknown: (user: Part) => [
    `--uid ${user} has no entry in /etc/passwd that names its group`,
    ': give --gid',
  ],
  notRoot: (uid: Part, gid: Part, ownUid: Part, ownGid: Part) => [
    `only root can become user ${uid} and group ${gid}, and this is user ${ownUid} and group ${ownGid}`,
    ': start tsuwsgi as root, or leave --uid and --gid out',
  ],
  noMode: (option: Part, text: Part) => [
    `${option}: "${text}" is no octal mode`,
    ', give one such as 660',
  ],
  noFolder: (option: Part, folder: Part) => [
    `${option}: there is no such folder: ${folder}`,
    '; make it, or name another',
  ],
  notAFolder: (option: Part, folder: Part) => [
    `${option}: that is not a folder: ${folder}`,
    '; make it, or name another',
  ],
  mimeFile: (file: Part, reason: Part) => [
    `--mime-file ${file} cannot be read: ${reason}`,
    '; name another, on Debian it is in media-types',
  ],
  moduleNothing: () => ['--module is empty', ': write --module FILE or --module FILE:export'],
  moduleHalf: (module: Part, missing: Part) => [
    `--module "${module}" names no ${missing} the colon`,
    ': write FILE or FILE:export',
  ],
  moduleMissing: (module: Part, file: Part) => [
    `--module ${module}: there is no file ${file}`,
    '; name one that is there',
  ],
});
