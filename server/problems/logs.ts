import { type Part, problemTable } from '../../shared/problem.js';

/** Why a log cannot be opened, or a file of it not moved away; `about` says which and what for. */
export const LOG_PROBLEMS = problemTable({
  notAllowed: (about: Part, reason: Part) => [
    `${about}: ${reason}`,
    '; let its user write there, or give --logfile-chown, or --logto2 to open it as that user from the start',
  ],
  folderMissing: (about: Part, reason: Part) => [`${about}: ${reason}`, '; make its folder first'],
  isFolder: (about: Part, reason: Part) => [`${about}: ${reason}`, '; name a file in it'],
  fifoUnread: (about: Part, reason: Part) => [
    `${about}: ${reason}`,
    '; it is a FIFO that nobody reads: start the reader first',
  ],
  refused: (about: Part, reason: Part) => [
    `${about}: ${reason}`,
    '; name a file that can be written to',
  ],
  tooManyBackups: (about: Part, most: Part, wanted: Part) => [
    `${about}: there are ${most} backups of the name ${wanted}`,
    ': remove some',
  ],
  descriptorUnusable: (name: Part, reason: Part) => [
    `${name} cannot be used: ${reason}`,
    '; open it where tsuwsgi is started',
  ],
  noJournal: (tag: Part, socket: Part) => [
    `syslog:${tag} needs journald, which does not listen on ${socket}, and Node cannot write to the datagram socket /dev/log`,
    `: let the syslog daemon listen on UDP and give rsyslog:127.0.0.1:514,${tag}`,
  ],
});
