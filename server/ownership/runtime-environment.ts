import { lstatSync } from 'node:fs';
import type { RuntimeEnvironment } from '../../shared/runtime-directory.js';

/** Where a user's runtime directory is: root's own is of no use to the user that it becomes. */
export function runtimeEnvironment(uid: number): RuntimeEnvironment {
  const { XDG_RUNTIME_DIR } = process.env;
  if (XDG_RUNTIME_DIR === undefined || uid === process.geteuid?.()) return { XDG_RUNTIME_DIR };
  try {
    return lstatSync(XDG_RUNTIME_DIR).uid === uid ? { XDG_RUNTIME_DIR } : {};
  } catch {
    return {};
  }
}
