import type { OptionRow } from '../../../shared/options.js';

/** Whose the processes, sockets and files are. */
export const OWNERSHIP_OPTIONS = [
  {
    name: 'uid',
    type: 'text',
    value: 'USER',
    topic: 'Ownership',
    help: 'become this user (name or number) once sockets are bound and files are open',
  },
  {
    name: 'gid',
    type: 'text',
    value: 'GROUP',
    topic: 'Ownership',
    help: 'become this group (name or number); without it the group of --uid',
  },
  {
    name: 'add-gid',
    type: 'list',
    value: 'GROUP',
    topic: 'Ownership',
    help: 'a further group (name or number) beside those that --uid is a member of',
  },
  {
    name: 'master-as-root',
    type: 'flag',
    topic: 'Ownership',
    help: 'the master stays root, only its workers become --uid and --gid',
  },
  {
    name: 'chmod-socket',
    type: 'text',
    value: 'MODE',
    bare: '666',
    topic: 'Ownership',
    help: 'the permissions of unix sockets, octal',
  },
  {
    name: 'chown-socket',
    type: 'text',
    value: 'USER[:GROUP]',
    topic: 'Ownership',
    help: 'whose the unix sockets are, names or numbers',
  },
  {
    name: 'umask',
    type: 'text',
    value: 'MODE',
    topic: 'Ownership',
    help: 'the umask of master and workers, octal',
  },
  {
    name: 'pidfile',
    type: 'text',
    value: 'PATH',
    topic: 'Ownership',
    help: "write the master's process id to this file",
  },
  {
    name: 'vacuum',
    type: 'flag',
    topic: 'Ownership',
    help: 'remove the pid file at the end; sockets are removed in any case',
  },
  {
    name: 'no-orphans',
    type: 'flag',
    topic: 'Ownership',
    help: 'accepted for uWSGI configurations: workers always end with their master',
    differs: 'It changes nothing: workers always end with their master.',
  },
] as const satisfies readonly OptionRow[];
