import { symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { bindSocket, clearStale } from '../../../../server/master/bind.js';
import { giveAway } from '../../../../server/master/private-sockets.js';
import { bindProblem } from '../../../../server/problems/bind-problem.js';
import type { SOCKET_PROBLEMS } from '../../../../server/problems/sockets.js';
import { readInvocation } from '../../../../server/options/read.js';
import { listenUnix } from '../../../../server/stats/listen-unix.js';
import { takeSockets } from '../../../../server/systemd/activation.js';
import { checkNamed } from '../../../../server/systemd/assign.js';
import type { Problem } from '../../../../shared/problem.js';
import type { StartExample } from '../hold.js';
import { failed, systemError } from './failed.js';

/** An address that cannot be bound. */
function bound(address: string, ...names: StartExample['names']): StartExample {
  return { told: async () => failed(await bindSocket(address)), names };
}

/** An error that cannot be had on every machine: its code is turned into the sentence. */
function byCode(code: string): StartExample {
  const about = '--stats 192.0.2.1:9191';
  return { told: () => [bindProblem(about, code, `bind ${code}`)], names: [about] };
}

/** A place in the folder, for the stats server. */
function statsAt(name: string, prepare: (file: string) => void): StartExample {
  const told = async (folder: string): Promise<readonly Problem[]> => {
    const file = path.join(folder, name);
    prepare(file);
    return failed(await listenUnix(file, () => undefined));
  };
  return { told, names: ['--stats ', name] };
}

/** While something listens there. */
async function beside(
  where: net.ListenOptions,
  act: (port: number) => Promise<readonly Problem[]>,
) {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(where, resolve));
  try {
    const at = server.address();
    return await act(typeof at === 'object' && at !== null ? at.port : 0);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

const WEB = { option: '--http-socket fd://web', written: 'fd://web', address: 'fd://web' };

/** A socket that was passed for another name. */
function passedFor(names: readonly string[]): readonly Problem[] {
  const sockets = names.map((label) => ({
    ...{ fd: 3, label, kind: 'tcp' as const, name: '127.0.0.1:8000' },
  }));
  return failed(checkNamed([{ ...WEB, isStats: false }], [], { sockets, problem: null }));
}

export const SOCKET_EXAMPLES: Readonly<Record<keyof typeof SOCKET_PROBLEMS, StartExample>> = {
  inUse: {
    told: () =>
      beside({ host: '127.0.0.1', port: 0 }, async (port) =>
        failed(await bindSocket(`127.0.0.1:${port}`)),
      ),
    names: ['cannot bind 127.0.0.1:'],
  },
  notAllowed: byCode('EACCES'),
  addressElsewhere: bound('192.0.2.1:0', 'cannot bind', '192.0.2.1:0'),
  noFamily: byCode('EAFNOSUPPORT'),
  hostUnknown: byCode('ENOTFOUND'),
  hostUnresolved: byCode('EAI_AGAIN'),
  readOnlyPlace: byCode('EROFS'),
  pathTooLong: byCode('ENAMETOOLONG'),
  notBound: byCode('EMFILE'),
  nodeTooNew: {
    told: async () => {
      const create: unknown = Reflect.get(net, '_createServerHandle');
      Reflect.set(net, '_createServerHandle', undefined);
      try {
        return failed(await bindSocket('127.0.0.1:0'));
      } finally {
        Reflect.set(net, '_createServerHandle', create);
      }
    },
    names: ['cannot bind 127.0.0.1:0', process.version],
  },
  notAnAddress: bound('shop.example:80', 'cannot bind shop.example:80'),
  abstractUnserved: bound('@shop', 'cannot bind @shop'),
  passedTaken: bound('fd://web', 'cannot bind fd://web'),
  folderMissing: bound('/nowhere/app.sock', 'cannot bind /nowhere/app.sock', 'folder /nowhere/'),
  notASocket: statsAt('notes.sock', (file) => {
    writeFileSync(file, '');
  }),
  listensThere: {
    told: (folder) => {
      const file = path.join(folder, 'app.sock');
      return beside({ path: file }, async () => failed(await bindSocket(file)));
    },
    names: ['cannot bind', 'app.sock'],
  },
  staleStays: {
    told: async (folder) => {
      const file = path.join(folder, 'old.sock');
      const server = await bindSocket(file);
      if (!server.ok) return [server.error];
      try {
        const remove = (): never => {
          throw systemError('EACCES');
        };
        return failed(await clearStale(file, `cannot bind ${file}`, remove));
      } finally {
        server.value.close();
      }
    },
    names: ['cannot bind', 'old.sock', 'EACCES'],
  },
  nonePassed: { told: () => passedFor([]), names: [WEB.option, 'LISTEN_FDS'] },
  passedUnknown: { told: () => passedFor(['api']), names: [WEB.option, 'fd://api'] },
  passedUnservable: {
    told: (folder) => {
      symlinkSync('/dev/null', path.join(folder, 'a.js'));
      const argv = ['-m', 'a.js', '--http-socket', 'fd://web'];
      const invocation = readInvocation(argv, folder, {});
      if (invocation.kind !== 'serve') throw new Error(JSON.stringify(invocation));
      const served = [{ address: 'fd://web', proto: 'http', isRouted: false }] as const;
      const passed = { descriptors: [{ fd: 999_999, label: 'web' }], problem: null };
      const given = { heritage: null, passed };
      return failed(takeSockets(invocation.options, served, given, () => undefined));
    },
    names: [WEB.option, 'the passed descriptor fd://web'],
  },
  notGivenAway: {
    told: (folder) => failed(giveAway(path.join(folder, 'gone'), { uid: 4242, gid: 4242 })),
    names: ['--http', 'gone', 'user 4242'],
  },
};
