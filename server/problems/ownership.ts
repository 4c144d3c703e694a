import { type Part, problemTable } from '../../shared/problem.js';

/** What keeps an instance from being whose it is to be, and from saying who it is. */
export const OWNERSHIP_PROBLEMS = problemTable({
  pidFileInUse: (file: Part, pid: Part) => [
    `--pidfile ${file} names process ${pid}, a tsuwsgi that is running`,
    `: stop it (tsuwsgi --stop ${file}), or give this instance a file of its own`,
  ],
  pidFileForeign: (file: Part, reason: Part) => [
    `--pidfile ${file}: ${reason}, so it is not replaced`,
    ': remove it, or name another file',
  ],
  pidFileUnwritten: (file: Part, reason: Part) => [
    `no pid file: ${file} cannot be written: ${reason}`,
    '; name one in a folder that is there and may be written to',
  ],
  pidFileOld: (file: Part, pid: Part, reason: Part, user: Part) => [
    `the pid file ${file} still names ${pid}, not this process: it cannot be written: ${reason}`,
    `: put it into a folder where user ${user} may write`,
  ],
  notGiven: (file: Part, reason: Part) => [
    `--chown-socket: ${file} cannot be given away: ${reason}`,
    '; start tsuwsgi as root, or leave it out',
  ],
  modeRefused: (file: Part, reason: Part) => [
    `--chmod-socket: ${file} cannot be changed: ${reason}`,
    '; choose a folder on a file system that keeps modes, or leave it out',
  ],
  notBecome: (user: Part, reason: Part) => [
    `cannot become ${user}: ${reason}`,
    '; start tsuwsgi as root with the capabilities SETUID and SETGID, or leave --uid and --gid out',
  ],
  unverified: (user: Part) => [
    `cannot verify that this is ${user}: /proc is missing`,
    '; mount it, or start tsuwsgi as that user and leave --uid and --gid out',
  ],
  stillAnother: (user: Part, line: Part) => [
    `this is not ${user}, as it should be: the kernel says ${line}`,
    '; start tsuwsgi as that user and leave --uid and --gid out',
  ],
  secretLink: (file: Part) => [
    `--stats-secret ${file}: it is a symbolic link`,
    '; name the file that it leads to',
  ],
  secretUnreadable: (file: Part, reason: Part) => [
    `--stats-secret ${file}: it cannot be read: ${reason}`,
    '; let its user read it, or name another',
  ],
  secretNoFile: (file: Part) => [
    `--stats-secret ${file}: it is not a regular file`,
    '; name one, or a name that is free',
  ],
  secretAnothers: (file: Part, owner: Part, uid: Part) => [
    `--stats-secret ${file}: it belongs to user ${owner}, not to ${uid}`,
    '; give it to that one with chown, or name another',
  ],
  secretOpen: (file: Part) => [
    `--stats-secret ${file}: it is open to other users`,
    '; close it with chmod 600',
  ],
  secretMalformed: (file: Part) => [
    `--stats-secret ${file}: it does not hold 64 hexadecimal digits`,
    '; remove it, and a new one is made',
  ],
  keyFileTooLong: (most: Part) => [
    `the key file would exceed ${most} bytes`,
    '; use fewer or shorter --stats',
  ],
  keyFileUnwritten: (file: Part, reason: Part) => [
    `the key file ${file} cannot be written: ${reason}`,
    '; set XDG_RUNTIME_DIR to a folder of your own that can be written to',
  ],
  secretUnmade: (file: Part, reason: Part) => [
    `--stats-secret ${file}: it cannot be made: ${reason}`,
    '; name one in a folder that is there and may be written to',
  ],
});
