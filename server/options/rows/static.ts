import type { OptionRow } from '../../../shared/options.js';
import { checkExpiry, checkExpression, checkIndex, checkStaticMap } from '../static-maps.js';

const TOPIC = 'Static files';

/** What is answered from files, before the application is asked. */
export const STATIC_OPTIONS = [
  {
    name: 'static-map',
    type: 'list',
    value: '/MOUNT=DIR',
    repeatable: true,
    topic: TOPIC,
    help: 'answer GET and HEAD below this path from the files of a folder (or, exactly at it, from one file); what is not there is left to the application',
    check: checkStaticMap,
    differs:
      'Whole segments are compared, and names that begin with a dot are not served; in uWSGI /static is the beginning of /staticfoo too.',
  },
  {
    name: 'static-map2',
    type: 'list',
    value: '/MOUNT=DIR',
    repeatable: true,
    topic: TOPIC,
    help: 'the same with the mount point as a part of the path: /static=/srv/app serves /srv/app/static',
    check: checkStaticMap,
    differs:
      'As with --static-map, whole segments are compared and names that begin with a dot are not served.',
  },
  {
    name: 'check-static',
    type: 'list',
    value: 'DIR',
    repeatable: true,
    topic: TOPIC,
    help: 'look in this folder for a file first, whatever the path of a request is',
    differs: 'Names that begin with a dot are not served.',
  },
  {
    name: 'static-index',
    type: 'list',
    value: 'NAME',
    repeatable: true,
    topic: TOPIC,
    help: 'the file that answers for its folder, such as index.html; without it folders are left to the application',
    check: checkIndex,
    differs:
      'A folder that is asked for without its last slash moves there (301); uWSGI sends the file at once.',
  },
  {
    name: 'static-expires',
    type: 'list',
    value: 'REGEXP=SECS',
    repeatable: true,
    topic: TOPIC,
    help: 'tell clients to keep files, whose path on the disk matches, for so many seconds; the first that matches holds',
    check: checkExpiry,
    differs: 'The expression is one of JavaScript, and Cache-Control is sent too.',
  },
  {
    name: 'static-gzip',
    type: 'list',
    value: 'REGEXP',
    repeatable: true,
    topic: TOPIC,
    help: 'of files whose path on the disk matches, send FILE.br or FILE.gz, if it is there, to clients that take it',
    check: checkExpression,
    differs: 'The expression is one of JavaScript.',
  },
  {
    name: 'static-gzip-all',
    type: 'flag',
    topic: TOPIC,
    help: 'the same for all files',
  },
  {
    name: 'static-skip-ext',
    type: 'list',
    value: 'EXT',
    repeatable: true,
    topic: TOPIC,
    help: 'leave files whose name ends so, such as .php, to the application',
  },
  {
    name: 'static-safe',
    type: 'list',
    value: 'DIR',
    repeatable: true,
    topic: TOPIC,
    help: 'symbolic links may lead into this folder as well; into all others, outside of the one that is served, they are refused',
  },
  {
    name: 'mime-file',
    aliases: ['mimefile'],
    type: 'list',
    value: 'FILE',
    repeatable: true,
    topic: TOPIC,
    help: 'Content-Types by ending, in the form of /etc/mime.types, beside those that are built in',
    differs:
      'The usual types are built in; uWSGI reads /etc/mime.types unless it is given another file.',
  },
] as const satisfies readonly OptionRow[];
