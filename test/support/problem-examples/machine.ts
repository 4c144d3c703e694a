import type { MACHINE_PROBLEMS } from '../../../server/options/problems/machine.js';
import { type Example, here } from './doors.js';

function app(words: string, ...names: Example['names']): Example {
  return here(['-m', 'a.js', ...words.split(' ')], names);
}

export const MACHINE_EXAMPLES: Readonly<Record<keyof typeof MACHINE_PROBLEMS, Example>> = {
  noUser: app('--uid nobody-here', '--uid', 'nobody-here'),
  noGroup: app('--gid nobody-here', '--gid', 'nobody-here'),
  furtherGroupsOfRoot: app('--master-as-root --uid 5 --gid 5 --add-gid 7', '--add-gid', '7'),
  groupUnknown: app('--uid 4242', '--uid', '4242'),
  notRoot: here(['-m', 'a.js', '--uid', '5', '--gid', '5'], ['--uid', 'user 5'], {
    uid: 33,
    gid: 33,
  }),
  noMode: app('--umask 9', '--umask', '9'),
  noFolder: app('--check-static FOLDER/gone', '--check-static', 'gone'),
  notAFolder: app('--check-static FOLDER/a.js', '--check-static', 'a.js'),
  mimeFile: app('--mime-file FOLDER/gone', '--mime-file', 'gone'),
  moduleNothing: here(['-m', ' '], ['--module', 'empty']),
  moduleHalf: here(['-m', 'a.js:'], ['--module', 'a.js:']),
  moduleMissing: here(['-m', 'gone.js'], ['--module', 'gone.js']),
};
