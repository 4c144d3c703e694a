import type { ReplyCode } from './protocol.js';

/** What each code of a reply or an outcome says; the table in docs/control.md is made from it. */
export const REPLY_CODE_HELP: Readonly<Record<ReplyCode, string>> = {
  accepted: 'The command is being carried out, or the key fits.',
  'bad-key': 'The proof does not fit the key, the challenge or an address of this server.',
  'bad-message': 'The message is not understood, or comes at the wrong time.',
  busy: 'Too much at once, or too often: send it later.',
  gone: 'The process that the command names is another one by now.',
  'locked-out': 'Too many wrong keys came from there: none is looked at for a while.',
  'needs-auth': 'The connection may not do this: prove the key first.',
  'needs-tls': 'The connection leaves the machine in the clear.',
  'no-key': 'The server could not write its key: its log says why.',
  'not-configured': 'The command needs an option that is not given.',
  'read-only': 'The server runs with `--stats-read-only`.',
  revoked: 'The key that was proven has been replaced.',
  done: 'The command has ended well.',
  failed: 'The command has ended, and not well.',
};
