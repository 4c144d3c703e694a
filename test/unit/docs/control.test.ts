import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DEFAULT_LIMITS, type Limits } from '../../../server/stats/limits.js';
import { COMMANDS, type CommandName } from '../../../shared/commands.js';
import { REPLY_CODES } from '../../../shared/protocol.js';
import { REPLY_CODE_HELP } from '../../../shared/reply-codes.js';
import { filled, table, unpadded } from '../../support/markdown.js';
import { ROOT } from '../../support/server.js';

/** The tables of docs/control.md are the program's; run with UPDATE_README=1 to write them. */

const FILE = path.join(ROOT, 'docs/control.md');

/** What stands beside `name` in each command. */
const ARGUMENTS: Readonly<Record<CommandName, string>> = {
  reload: '`how`: `rolling` (or absent), `chain`, `brutal`',
  'reload-worker': 'the worker',
  'kill-worker': 'the worker; `signal`: `TERM`, `HUP`, `INT`, `KILL`',
  traceback: 'the worker',
  'cpu-profile': 'the worker; `seconds`: 1 to 60',
  gc: 'the worker',
  'heap-snapshot': 'the worker',
  'heap-profile': 'the worker; `seconds`: 1 to 60',
  'compare-snapshots': 'the worker; `before`, `after` (or neither): names in `--snapshot-dir`',
  scale: '`workers`',
  pause: '`paused`: true or false',
  stop: '`how`: `graceful` (or absent), `now`',
  'spooler-retry': '`queue`, as in `spoolers[]`; `task`: its id',
  'spooler-drop': '`queue`, `task`',
  'spooler-pause': '`queue`',
  'spooler-resume': '`queue`',
  'spooler-tasks': '`queue`',
  'log-level': '`level`: `error`, `warn`, `info`, `debug`',
  'rotate-key': '',
};

const LIMITS: Readonly<Record<keyof Limits, readonly [what: string, unit: string]>> = {
  maxConnections: ['connections in all', ''],
  maxPerPeer: ['of them from one peer elsewhere (one IPv4 address, one IPv6 /64)', ''],
  httpWaitMs: ['the first byte, with `--stats-http`', 'ms'],
  rawStalledMs: ['a silent reader that takes nothing', 'ms'],
  rawDeadlineMs: ['a silent reader in all', 'ms'],
  handshakeMs: ['a TLS handshake', 'ms'],
  proofMs: ['the proof of a key, with `--stats-secret`', 'ms'],
  headTimeoutMs: ['the head of a request (16 KiB at most)', 'ms'],
  requestTimeoutMs: ['a whole request', 'ms'],
  responseDeadlineMs: ['reading an answer', 'ms'],
  keepAliveMs: ['an idle connection that is kept alive', 'ms'],
  maxMessageBytes: ['a message of a live client', 'bytes'],
  maxMessagesPerSecond: ['messages of a live client in a second', ''],
  maxBadMessages: ['messages without sense before it is cut', ''],
  maxBufferedBytes: ['answers that wait for a client that does not read', 'bytes'],
  heartbeatMs: ['between two pings', 'ms'],
  cutGraceMs: ['how long a live client that is cut may take to answer that', 'ms'],
  stalledMs: ['a live client that leaves a document unread', 'ms'],
  authDelayMs: ['how long a wrong key waits for its answer', 'ms'],
  maxAuthFailures: ['wrong keys before a connection is cut', ''],
  maxPeerFailures: ['wrong keys of one peer before it is locked out', ''],
  lockOutMs: ['for how long then', 'ms'],
  maxCommandsPerSecond: ['commands of one peer in a second', ''],
  maxPendingCommands: ['commands of one connection without their outcome', ''],
  closeGraceMs: ['how long clients may finish when the server stops', 'ms'],
};

const BLOCKS = {
  commands: () =>
    table(
      ['command', 'beside `name`', 'what it does'],
      COMMANDS.map(({ name, help }) => [`\`${name}\``, ARGUMENTS[name], help]),
    ),
  codes: () =>
    table(
      ['code', 'what it says'],
      REPLY_CODES.map((code) => [`\`${code}\``, REPLY_CODE_HELP[code]]),
    ),
  limits: () =>
    table(
      ['what', 'limit'],
      (Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]).map((name) => {
        const [what, unit] = LIMITS[name];
        return [what, `${DEFAULT_LIMITS[name].toLocaleString('en')} ${unit}`.trim()];
      }),
    ),
};

test('the tables of docs/control.md are those of the program', () => {
  const text = readFileSync(FILE, 'utf8');
  if (process.env['UPDATE_README'] === '1') writeFileSync(FILE, filled(text, BLOCKS));
  const now = readFileSync(FILE, 'utf8');
  for (const name of Object.keys(BLOCKS)) assert.ok(now.includes(`<!-- ${name}:`), name);
  assert.equal(unpadded(filled(now, BLOCKS)), unpadded(now), 'run with UPDATE_README=1');
});
