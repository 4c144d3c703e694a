import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Command, WorkerIdentity } from '../../shared/commands.js';
import type { KeyFile, OutcomeMessage, ReplyMessage } from '../../shared/protocol.js';
import { openLive, type LiveClient } from './live-client.js';
import { prove } from './proof.js';
import type { TestServer } from './server.js';

/** A client that may operate a real tsuwsgi. */
export interface Operator {
  readonly client: LiveClient;
  /** Sends a command and waits for its reply. */
  readonly order: (command: Command) => Promise<ReplyMessage>;
  readonly outcome: () => Promise<OutcomeMessage>;
}

/** The key file of a server. */
export function keyFileOf(server: TestServer): {
  readonly file: string;
  readonly content: KeyFile;
} {
  const folder = path.join(server.directory, 'tsuwsgi');
  const file = path.join(folder, readdirSync(folder).find((name) => name.endsWith('.key')) ?? '');
  return { file, content: JSON.parse(readFileSync(file, 'utf8')) as KeyFile };
}

/** Connects, and proves the key that lies in the server's runtime directory. */
export async function operate(t: TestContext, server: TestServer): Promise<Operator> {
  const address = `127.0.0.1:${await server.statsPort()}`;
  const client = await openLive(t, `ws://${address}/live`);
  const { boot_id, key } = keyFileOf(server).content;
  const challenge = { bootId: boot_id, serverNonce: client.hello.nonce, address };
  client.send(prove(Buffer.from(key, 'hex'), challenge));
  await client.take('authorised');
  let last = 0;
  return {
    client,
    order(command) {
      client.send({ type: 'command', id: ++last, command });
      return client.take('reply');
    },
    outcome: () => client.take('outcome'),
  };
}

/** The process that now runs as a worker, as commands name it. */
export async function identityOf(server: TestServer, id: number): Promise<WorkerIdentity> {
  const { pid, last_spawn } = await server.worker(id);
  return { worker: id, pid, spawned: last_spawn };
}
