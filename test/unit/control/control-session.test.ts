import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { authority } from '../../../server/control/authority.js';
import { controlSession } from '../../../server/control/control-session.js';
import { createGuard } from '../../../server/control/guard.js';
import { createKeyring } from '../../../server/control/keyring.js';
import type { CommandOutcome, CommandResult } from '../../../server/control/requester.js';
import type { ServerMessage } from '../../../shared/protocol.js';
import { ok } from '../../../shared/result.js';
import { prove } from '../../support/proof.js';

const key = randomBytes(32);
const bootId = 'abcdef01';
const address = '/run/cats.sock';
const accepted: CommandResult = { accepted: true, code: 'accepted', message: 'Yes.' };
const limits = {
  authDelayMs: 1000,
  maxAuthFailures: 3,
  maxPendingCommands: 2,
  maxCommandsPerSecond: 4,
  lockOutMs: 60_000,
  maxPeerFailures: 10,
};
const reload = { type: 'command', id: 5, command: { name: 'reload' } } as const;

function open(t: TestContext, options: { readOnly?: boolean; answer?: () => CommandResult } = {}) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: ServerMessage[] = [];
  const log: string[] = [];
  const cuts: string[] = [];
  const executed: unknown[] = [];
  const roles: unknown[] = [];
  const keys = createKeyring({
    operate: options.readOnly === true ? 'read-only' : key,
    read: null,
    store: () => Promise.resolve(ok(null)),
  });
  const session = controlSession({
    authority: authority({ bootId, keys, addresses: [address], isLocal: () => true }),
    keys,
    visitor: {
      peer: { kind: 'unix', remoteAddress: undefined, localAddress: undefined },
      name: address,
      uid: () => 1000,
      countedAs: () => 'uid 1000',
    },
    guard: createGuard(limits, () => 0),
    execute: (command, by) => {
      executed.push({ command, by });
      return options.answer?.() ?? accepted;
    },
    audit: { told: (line) => log.push(line), refused: (line) => log.push(line()) },
    send: (message) => sent.push(message),
    cut: (reason) => cuts.push(reason),
    onRole: () => roles.push(session.role()),
    limits,
  });
  const rotate = async (): Promise<Buffer> => {
    await keys.rotate();
    return keys.operate() as Buffer;
  };
  const challenge = { bootId, serverNonce: session.nonce, address };
  return { session, sent, log, cuts, executed, challenge, roles, rotate };
}

const codes = (sent: readonly ServerMessage[]) =>
  sent.map((message) => ('code' in message ? message.code : message.type));

test('every connection has a challenge of its own', (t) => {
  const first = open(t).session;
  t.mock.timers.reset();
  const second = open(t).session;
  assert.match(first.nonce, /^[0-9a-f]{64}$/);
  assert.notEqual(first.nonce, second.nonce);
});

test('a command without the key is refused, and nothing is executed', (t) => {
  const { session, sent, executed, log } = open(t);
  session.command(reload);
  assert.deepEqual(codes(sent), ['needs-auth']);
  assert.deepEqual(executed, []);
  assert.match(
    log[0] ?? '',
    /reload by \/run\/cats\.sock \(no role, uid 1000\): refused \(needs-auth\)/,
  );
});

test('the role "read" may not operate', (t) => {
  const { session, sent, executed, challenge } = open(t);
  session.authorise(prove(key, { ...challenge, role: 'read' }));
  session.command(reload);
  assert.deepEqual(codes(sent), ['accepted', 'needs-auth']);
  assert.deepEqual(executed, []);
});

const victim = { worker: 1, pid: 100, spawned: 1_700_000_000 };
const onMemory = [
  { name: 'gc', ...victim },
  { name: 'heap-snapshot', ...victim },
  { name: 'heap-profile', seconds: 5, ...victim },
] as const;

for (const command of onMemory) {
  test(`the role "read" may not have ${command.name} done, and nothing is`, (t) => {
    const { session, sent, executed, challenge, log } = open(t);
    session.authorise(prove(key, { ...challenge, role: 'read' }));
    session.command({ type: 'command', id: 6, command });
    assert.deepEqual(codes(sent), ['accepted', 'needs-auth']);
    assert.deepEqual(executed, []);
    const line = new RegExp(`${command.name} 1 .*\\(read, uid 1000\\): refused \\(needs-auth\\)`);
    assert.match(log.at(-1) ?? '', line);
    session.command({ type: 'command', id: 7, command });
    assert.deepEqual(executed, [], 'nor when it is asked for again');
  });
}

test('an authorised command is replied to at once, and its outcome follows', async (t) => {
  let finish: ((outcome: CommandOutcome) => void) | undefined;
  const outcome = new Promise<CommandOutcome>((resolve) => {
    finish = resolve;
  });
  const { session, sent, executed, challenge, log } = open(t, {
    answer: () => ({ ...accepted, outcome }),
  });
  session.authorise(prove(key, challenge));
  session.command(reload);
  assert.deepEqual(executed, [
    { command: { name: 'reload' }, by: { peer: address, role: 'operate' } },
  ]);
  assert.deepEqual(sent.at(-1), {
    type: 'reply',
    id: 5,
    ok: true,
    code: 'accepted',
    message: 'Yes.',
  });
  finish?.({ ok: true, code: 'done', message: '2 of 2 replaced.' });
  await outcome;
  await Promise.resolve();
  assert.deepEqual(sent.at(-1), {
    type: 'outcome',
    id: 5,
    ok: true,
    code: 'done',
    message: '2 of 2 replaced.',
  });
  assert.match(log.at(-1) ?? '', /reload by .*: done: 2 of 2 replaced/);
});

test('what a reload has against its configuration stands beside its outcome', async (t) => {
  const problems = ['app.ini:4: unknown option "proceses"'];
  const ended = { ok: true, code: 'done', message: '2 of 2 replaced.', problems } as const;
  const outcome = Promise.resolve<CommandOutcome>(ended);
  const { session, sent, challenge } = open(t, { answer: () => ({ ...accepted, outcome }) });
  session.authorise(prove(key, challenge));
  session.command(reload);
  await outcome;
  await Promise.resolve();
  assert.deepEqual(sent.at(-1), { type: 'outcome', id: 5, ...ended });
});

test('an outcome that fails to come is told as a failure', async (t) => {
  const outcome = Promise.reject(new Error('the master forgot'));
  const { session, sent, challenge } = open(t, { answer: () => ({ ...accepted, outcome }) });
  session.authorise(prove(key, challenge));
  session.command(reload);
  await assert.rejects(outcome);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(codes(sent).at(-1), 'failed');
});

test('a connection that closed gets no outcome, but the log does', async (t) => {
  const outcome = Promise.resolve<CommandOutcome>({ ok: true, code: 'done', message: 'Done.' });
  const { session, sent, challenge, log } = open(t, { answer: () => ({ ...accepted, outcome }) });
  session.authorise(prove(key, challenge));
  session.command(reload);
  const before = sent.length;
  session.close();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(sent.length, before);
  assert.match(log.at(-1) ?? '', /done: Done/);
});

test('commands without an outcome yet are limited, and their ids are not used twice', (t) => {
  const outcome = new Promise<CommandOutcome>(() => undefined);
  const { session, sent, challenge } = open(t, { answer: () => ({ ...accepted, outcome }) });
  session.authorise(prove(key, challenge));
  for (const id of [1, 1, 2, 3]) session.command({ ...reload, id });
  assert.deepEqual(codes(sent).slice(1), ['accepted', 'bad-message', 'accepted', 'busy']);
});

test('a wrong key waits for its answer, and no other is tried meanwhile', (t) => {
  const { session, sent, challenge } = open(t);
  session.authorise(prove(randomBytes(32), challenge));
  assert.deepEqual(sent, []);
  session.authorise(prove(key, challenge));
  assert.deepEqual(codes(sent), ['busy']);
  t.mock.timers.tick(1000);
  assert.deepEqual(codes(sent), ['busy', 'bad-key']);
  session.authorise(prove(key, challenge));
  assert.deepEqual(codes(sent).at(-1), 'accepted');
});

test('three wrong keys cut the connection', (t) => {
  const { session, cuts, challenge } = open(t);
  for (let count = 1; count <= 3; count++) {
    assert.deepEqual(cuts, []);
    session.authorise(prove(randomBytes(32), challenge));
    t.mock.timers.tick(1000);
  }
  assert.deepEqual(cuts, ['too many wrong keys']);
});

test('a session that closes takes the delayed answer with it', (t) => {
  const { session, sent, challenge } = open(t);
  session.authorise(prove(randomBytes(32), challenge));
  session.close();
  t.mock.timers.tick(5000);
  assert.deepEqual(sent, []);
});

test('a proof is good for one time on its connection', (t) => {
  const { session, sent, challenge } = open(t);
  const proof = prove(key, challenge);
  session.authorise(proof);
  session.authorise(proof);
  assert.deepEqual(codes(sent), ['accepted', 'bad-message']);
});

test('a read-only server refuses keys and commands with its code', (t) => {
  const { session, sent, executed, challenge } = open(t, { readOnly: true });
  assert.equal(session.refusal, 'read-only');
  session.authorise(prove(key, challenge));
  session.command(reload);
  assert.deepEqual(codes(sent), ['read-only', 'read-only']);
  assert.deepEqual(executed, []);
});

test('the log names the worker, its pid and the signal', (t) => {
  const { session, log, challenge } = open(t);
  session.authorise(prove(key, challenge));
  const worker = { worker: 2, pid: 4711, spawned: 1 };
  session.command({
    ...reload,
    command: { name: 'kill-worker', signal: 'KILL', ...worker },
  });
  session.command({ ...reload, command: { name: 'reload-worker', ...worker } });
  assert.match(
    log[1] ?? '',
    /kill-worker 2 \(pid 4711\) KILL by \/run\/cats\.sock \(operate, uid 1000\): accepted/,
  );
  assert.match(log[2] ?? '', /reload-worker 2 \(pid 4711\) by/);
});

test('a key that was replaced takes the role with it, and the new one gives it back', async (t) => {
  const { session, sent, executed, challenge, roles, rotate } = open(t);
  const old = prove(key, challenge);
  session.authorise(old);
  const next = await rotate();
  assert.deepEqual(codes(sent), ['accepted', 'revoked']);
  session.command(reload);
  assert.equal(codes(sent).at(-1), 'needs-auth');
  session.authorise(old);
  t.mock.timers.tick(1000);
  assert.equal(codes(sent).at(-1), 'bad-key', 'the old proof is worth nothing');
  session.authorise(prove(next, challenge));
  session.command(reload);
  assert.equal(executed.length, 1);
  assert.deepEqual(roles, ['operate', null, 'operate']);
});

test('more commands in a second than allowed are refused', (t) => {
  const { session, sent, challenge } = open(t);
  session.authorise(prove(key, challenge));
  for (const id of [1, 2, 3, 4, 5]) session.command({ ...reload, id });
  assert.deepEqual(codes(sent).slice(-2), ['accepted', 'busy']);
});
