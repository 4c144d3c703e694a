import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { DEFAULT_LIMITS } from '../../server/stats/limits.js';
import { COMMANDS, KILL_SIGNALS, RELOAD_MODES } from '../../shared/commands.js';
import { MAX_CLIENT_MESSAGE } from '../../shared/decode-message.js';
import { REPLY_CODES } from '../../shared/protocol.js';
import { CATSERVE, ROOT, keyFiles, startServer } from '../support/server.js';

const PAGE = path.join(ROOT, 'docs/live-protocol.md');
const CLIENT = path.join(ROOT, 'examples/live-client/live-client.js');

function withClient(page: string): string {
  const quoted = `\n\`\`\`js\n${readFileSync(CLIENT, 'utf8')}\`\`\`\n\n`;
  return page.replace(
    /(<!-- examples\/live-client\/live-client.js -->\n)[^]*(<!-- end -->)/,
    (...found: string[]) => `${found[1] ?? ''}${quoted}${found[2] ?? ''}`,
  );
}

test('the page quotes the client as it is; run with UPDATE_LIVE_PAGE=1 to write it', () => {
  const page = readFileSync(PAGE, 'utf8');
  if (process.env['UPDATE_LIVE_PAGE'] === '1') writeFileSync(PAGE, withClient(page));
  const now = readFileSync(PAGE, 'utf8');
  assert.ok(now.includes('new WebSocket(`ws://${address}/live`)'));
  assert.equal(withClient(now), now);
});

test('the page names every command, code and limit', () => {
  const page = readFileSync(PAGE, 'utf8');
  const numbers = [
    MAX_CLIENT_MESSAGE,
    DEFAULT_LIMITS.maxMessageBytes,
    DEFAULT_LIMITS.maxMessagesPerSecond,
    DEFAULT_LIMITS.maxBadMessages,
    DEFAULT_LIMITS.maxAuthFailures,
    DEFAULT_LIMITS.maxPendingCommands,
    DEFAULT_LIMITS.maxCommandsPerSecond,
    DEFAULT_LIMITS.stalledMs / 1000,
    DEFAULT_LIMITS.heartbeatMs / 1000,
  ].map((limit) => `| ${limit.toLocaleString('en')}`);
  const words = [
    ...COMMANDS.map(({ name }) => `"name": "${name}"`),
    ...KILL_SIGNALS.map(({ signal }) => `\`${signal}\``),
    ...RELOAD_MODES,
    ...REPLY_CODES.map((code) => `| \`${code}\``),
  ];
  for (const word of [...numbers, ...words]) assert.ok(page.includes(word), word);
});

test('the client of the page follows a real server and has its workers reloaded', async (t) => {
  const server = startServer(t, ['--module', CATSERVE, '-p', '2']);
  await server.ready();
  const address = `127.0.0.1:${await server.statsPort()}`;
  const [keyFile = ''] = keyFiles(server.directory);
  const client = spawn(
    process.execPath,
    [CLIENT, address, path.join(server.directory, 'tsuwsgi', keyFile)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  t.after(() => client.kill('SIGKILL'));
  let output = '';
  for (const stream of [client.stdout, client.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(client, 'close')) as [number | null];
  assert.equal(code, 0, output);
  assert.match(output, /^snapshot 1: 1: 0 ready, 2: 0 ready$/m);
  assert.match(output, /^delta 2: /m);
  assert.match(output, /^authorised accepted: You may operate\.$/m);
  assert.match(output, /^reply accepted: /m);
  assert.match(output, /^outcome done: /m);
  assert.doesNotMatch(output, /undefined|NaN/);
  assert.equal((await server.stats()).generation, 1);
});
