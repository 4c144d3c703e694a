import { type Part, problemTable } from '../../shared/problem.js';

/** What keeps a folder from being a queue; `queue` is the folder as it was named. */
export const QUEUE_PROBLEMS = problemTable({
  isFile: (queue: Part) => [`queue ${queue}: it is a file`, ': name a folder'],
  isNone: (queue: Part) => [
    `queue ${queue}: there is no queue.json, so it is not a queue`,
    ': name the folder of a --spooler',
  ],
  holdsOthers: (queue: Part, name: Part) => [
    `queue ${queue}: the folder holds ${name} and no queue.json, so it is not a queue`,
    ': name an empty folder, or one that is not there yet',
  ],
  otherFormat: (queue: Part, format: Part, known: Part) => [
    `queue ${queue}: its format is ${format}, and this version knows format ${known}`,
    ': use the version that made it, or name another folder',
  ],
  aboutUnread: (queue: Part, known: Part) => [
    `queue ${queue}: its queue.json is not that of a queue`,
    `: name another folder, or write {"format": ${known}} into it if it is one`,
  ],
  full: (what: Part, reason: Part) => [
    `${what}: ${reason}`,
    ': no room is left there: make some, or use a folder on a larger disk',
  ],
  quota: (what: Part, reason: Part) => [
    `${what}: ${reason}`,
    ': the quota is used up: raise it, or use another folder',
  ],
  readOnly: (what: Part, reason: Part) => [
    `${what}: ${reason}`,
    ': its file system is read-only: use a folder that can be written',
  ],
  notAllowed: (what: Part, reason: Part) => [
    `${what}: ${reason}`,
    ': it cannot be written by this user: change its owner, or use another folder',
  ],
  refused: (what: Part, reason: Part) => [
    `${what}: ${reason}`,
    ': see what the system says of that disk',
  ],
  passwordEmpty: (file: Part) => [
    `${file}: its first line is empty`,
    ': write the password of Redis there',
  ],
  passwordUnread: (reason: Part) => [
    `the password of Redis: ${reason}`,
    ': it must be readable by whoever opens the queue, and so by the user of --uid',
  ],
  librariesMissing: (libraries: Part) => [
    'a queue in Redis needs two libraries that are not installed',
    `: npm install ${libraries}`,
  ],
  redisTooOld: (queue: Part, version: Part, oldest: Part) => [
    `queue ${queue}: it is Redis ${version}`,
    `: use ${oldest} or a later one`,
  ],
  redisForgets: (queue: Part, policy: Part) => [
    `queue ${queue}: it throws away what it has no room for (maxmemory-policy ${policy}), and so tasks`,
    ': set maxmemory-policy noeviction',
  ],
  redisFails: (what: Part, reason: Part, remedy: Part) => [
    `${what}, since Redis cannot be used: ${reason}`,
    `: ${remedy}`,
  ],
  redisNone: (queue: Part) => [
    `queue ${queue}: nobody has made it yet`,
    ': name the queue of a --spooler after "#"',
  ],
  redisFormat: (queue: Part, format: Part, known: Part) => [
    `queue ${queue}: it has format ${format}, and this tsuwsgi writes ${known}`,
    ': name another queue after "#"',
  ],
});
