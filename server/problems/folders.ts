import { type Part, problemTable } from '../../shared/problem.js';

/** What keeps a folder from being one that only its user can look into. */
export const FOLDER_PROBLEMS = problemTable({
  isLink: (folder: Part, remedy: Part) => [`${folder} is a symbolic link`, `; ${remedy}`],
  isFile: (folder: Part, remedy: Part) => [`${folder} is no folder`, `; ${remedy}`],
  isAnothers: (folder: Part, uid: Part, remedy: Part) => [
    `${folder} belongs to user ${uid}`,
    `; ${remedy}`,
  ],
  isOpen: (folder: Part, remedy: Part) => [
    `${folder} is open to other users`,
    `; close it with chmod 700, or ${remedy}`,
  ],
  isUnusable: (folder: Part, reason: Part, remedy: Part) => [
    `${folder} cannot be used: ${reason}`,
    `; ${remedy}`,
  ],
});
