import { startFolder } from './start-folder.js';

/** Where and with what this master was started: a new one is started in the same way. */
export interface Origin {
  readonly folder: string;
  readonly environment: Readonly<NodeJS.ProcessEnv>;
}

/** Looks at it now, before `--chdir` and `--env` change it. */
export function rememberOrigin(): Origin {
  return {
    folder: startFolder(process.cwd(), process.env['PWD']),
    environment: { ...process.env },
  };
}
