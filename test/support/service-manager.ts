import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { eventually } from './eventually.js';

const PYTHON = spawnSync('python3', ['--version']).status === 0;
const NOTIFY = spawnSync('systemd-notify', ['--version']).status === 0;

/** For `skip` of a test: false where there is all that stands for a service manager here. */
export const WITHOUT_MANAGER: string | false =
  PYTHON && NOTIFY ? false : 'needs python3 and systemd-notify (package systemd)';

/** Passes sockets as sd_listen_fds(3) says, and becomes the program: `KIND=ADDRESS=NAME ... -- PROGRAM`. */
const PASS = `
import os, socket, sys
at = sys.argv.index('--')
sockets, names = [], []
for word in sys.argv[1:at]:
    kind, address, name = word.split('=')
    if kind == 'unix':
        s = socket.socket(socket.AF_UNIX); s.bind(address)
    elif kind == 'datagram':
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((address, 0))
    else:
        s = socket.socket(socket.AF_INET6 if kind == 'tcp6' else socket.AF_INET); s.bind((address, 0))
    if kind != 'datagram': s.listen(64)
    sockets.append(s); names.append(name)
high = [os.dup2(s.fileno(), 100 + i) for i, s in enumerate(sockets)]
for i, fd in enumerate(high): os.dup2(fd, 3 + i, inheritable=True)
os.closerange(3 + len(high), 200)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(high)), LISTEN_FDNAMES=':'.join(names))
os.execvp(sys.argv[at + 1], sys.argv[at + 1:])
`;

/** Words before a command that has listening sockets passed to it: `tcp=127.0.0.1=web` and so on. */
export function passing(...sockets: readonly string[]): readonly string[] {
  return ['python3', '-c', PASS, ...sockets, '--'];
}

const RECEIVE = `
import json, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind('\\0' + sys.argv[1][1:] if sys.argv[1][0] == '@' else sys.argv[1])
print('null', flush=True)
while True: print(json.dumps(s.recv(4096).decode()), flush=True)
`;

/** A socket such as a service manager has, and what came to it. */
export interface NotifySocket {
  /** For NOTIFY_SOCKET. */
  readonly address: string;
  /** Each message as its variables; without the barriers of systemd-notify. */
  readonly messages: readonly ReadonlyMap<string, string>[];
  /** Waits for a message that has a variable, with this value where one is given; `from` skips messages. */
  until(name: string, value?: string | RegExp, from?: number): Promise<ReadonlyMap<string, string>>;
}

/** Listens in `folder`, or on an abstract name, until the end of the test. */
export async function startNotifySocket(
  t: TestContext,
  folder: string,
  name = path.join(folder, 'notify.sock'),
): Promise<NotifySocket> {
  const child = spawn('python3', ['-c', RECEIVE, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const messages: ReadonlyMap<string, string>[] = [];
  let rest = '';
  let isBound = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as string | null;
      isBound = true;
      if (message !== null && message !== 'BARRIER=1') messages.push(variables(message));
    }
  });
  await eventually('the notify socket', () => isBound);
  return {
    address: name,
    messages,
    until: (variable, value = /.*/, from = 0) =>
      eventually(`${variable} of ${JSON.stringify(messages.map((each) => [...each]))}`, () =>
        messages.slice(from).find((message) => {
          const found = message.get(variable);
          if (found === undefined) return false;
          return typeof value === 'string' ? found === value : value.test(found);
        }),
      ),
  };
}

function variables(message: string): ReadonlyMap<string, string> {
  return new Map(
    message
      .split('\n')
      .filter((line) => line !== '')
      .map((line): [string, string] => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1)];
      }),
  );
}
