import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeKeyFile } from '../../../../server/control/key-file.js';
import { readSecret } from '../../../../server/control/secret-file.js';
import { becomeUser, type IdentitySystem } from '../../../../server/ownership/become-user.js';
import { pidFileProblem } from '../../../../server/ownership/pid-file-problem.js';
import { writePidFile } from '../../../../server/ownership/pid-file.js';
import { claimSocketFile } from '../../../../server/ownership/socket-file.js';
import type { OWNERSHIP_PROBLEMS } from '../../../../server/problems/ownership.js';
import type { Problem } from '../../../../shared/problem.js';
import type { StartExample } from '../hold.js';
import { failed, systemError } from './failed.js';

const UID = process.geteuid?.() ?? 0;
const BOOT = '00000000-0000-4000-8000-000000000000';

/** A pid file with this in it. */
function pidFile(text: string): StartExample {
  const told = (folder: string): readonly Problem[] => {
    const file = path.join(folder, 'm.pid');
    writeFileSync(file, text);
    const problem = pidFileProblem(file, () => undefined);
    return problem === null ? [] : [problem];
  };
  return { told, names: ['--pidfile', 'm.pid'] };
}

/** One that a process holds open, as a master does. */
async function heldPidFile(folder: string): Promise<readonly Problem[]> {
  const file = path.join(folder, 'm.pid');
  writeFileSync(file, '');
  const fd = openSync(file, 'r+');
  const holder = spawn('sleep', ['60'], { stdio: [fd, 'ignore', 'ignore'] });
  closeSync(fd);
  await once(holder, 'spawn');
  try {
    writeFileSync(file, `${holder.pid ?? 0}\n`);
    const problem = pidFileProblem(file, () => undefined);
    return problem === null ? [] : [problem];
  } finally {
    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
  }
}

function become(system: Partial<IdentitySystem>): StartExample {
  const nothing = (): void => undefined;
  const all = { setgroups: nothing, setgid: nothing, setuid: nothing, statuses: () => [] };
  const told = () =>
    failed(becomeUser({ uid: 1001, gid: 1002, groups: [] }, { ...all, ...system }));
  return { told, names: ['user 1001, group 1002'] };
}

function claim(what: Partial<Parameters<typeof claimSocketFile>[1]>, option: string): StartExample {
  const told = (folder: string): readonly Problem[] =>
    failed(
      claimSocketFile(path.join(folder, 'a.sock'), {
        ...{ socketMode: null, socketOwner: null, ...what },
      }),
    );
  return { told, names: [option, 'a.sock', 'ENOENT'] };
}

/** A file of `--stats-secret` that somebody prepared. */
function secret(name: string, prepare: (file: string) => void = () => undefined): StartExample {
  const told = (folder: string): readonly Problem[] => {
    const file = path.join(folder, name);
    prepare(file);
    return failed(readSecret(file, UID));
  };
  return { told, names: ['--stats-secret', name] };
}

async function keyFileIn(folder: string, addresses: readonly string[]) {
  const directory = path.join(folder, 'run');
  mkdirSync(directory, { mode: 0o700 });
  mkdirSync(path.join(directory, `${BOOT}.key.${process.pid}.draft`));
  const key = Buffer.alloc(32);
  return failed(await writeKeyFile({ directory, bootId: BOOT, key, addresses, uid: UID }));
}

export const OWNERSHIP_EXAMPLES: Readonly<Record<keyof typeof OWNERSHIP_PROBLEMS, StartExample>> = {
  pidFileInUse: { told: heldPidFile, names: ['--pidfile', 'm.pid'] },
  pidFileForeign: pidFile('a poem'),
  pidFileUnwritten: {
    told: (folder) => failed(writePidFile(path.join(folder, 'gone/m.pid'), 7)),
    names: ['no pid file', 'gone/m.pid', 'ENOENT'],
  },
  pidFileOld: {
    told: (folder) => {
      const file = path.join(folder, 'm.pid');
      writeFileSync(file, '4711\n');
      mkdirSync(`${file}.7.draft`);
      return failed(writePidFile(file, 7));
    },
    names: ['m.pid', '4711', `user ${UID}`],
  },
  notGiven: claim({ socketOwner: { uid: 4242, gid: 4242 } }, '--chown-socket'),
  modeRefused: claim({ socketMode: 0o660 }, '--chmod-socket'),
  notBecome: become({
    setgid: () => {
      throw systemError('EPERM');
    },
  }),
  unverified: become({}),
  stillAnother: become({ statuses: () => ['Uid:\t0\t0\t0\t0\n'] }),
  secretLink: secret('key', (file) => {
    symlinkSync('/dev/null', file);
  }),
  secretUnreadable: secret('file/key', (file) => {
    writeFileSync(path.dirname(file), '');
  }),
  secretNoFile: secret('key', (file) => {
    mkdirSync(file);
  }),
  secretAnothers: {
    told: (folder) => {
      const file = path.join(folder, 'key');
      writeFileSync(file, '', { mode: 0o600 });
      return failed(readSecret(file, UID + 1));
    },
    names: ['--stats-secret', 'key', `user ${UID}`],
  },
  secretOpen: secret('key', (file) => {
    writeFileSync(file, '', { mode: 0o644 });
  }),
  secretMalformed: secret('key', (file) => {
    writeFileSync(file, 'secret', { mode: 0o600 });
  }),
  secretUnmade: secret('gone/key'),
  keyFileTooLong: {
    told: (folder) =>
      keyFileIn(
        folder,
        Array.from({ length: 300 }, (_, port) => `192.0.2.1:${port}`),
      ),
    names: ['key file', '4096 bytes', '--stats'],
  },
  keyFileUnwritten: { told: (folder) => keyFileIn(folder, []), names: [`${BOOT}.key`, 'EEXIST'] },
};
