import type { Keyring } from './keyring.js';
import type { CommandOutcome, CommandResult } from './requester.js';

/** Carries out `rotate-key`. */
export function rotateKey(keyring: Keyring): CommandResult {
  if (typeof keyring.operate() === 'string') {
    const message = 'there is no key file to replace: certificates alone control this server';
    return { accepted: false, code: 'no-key', message };
  }
  return {
    accepted: true,
    code: 'accepted',
    message: 'replacing the key',
    outcome: replace(keyring),
  };
}

async function replace(keyring: Keyring): Promise<CommandOutcome> {
  const rotated = await keyring.rotate();
  return rotated.ok
    ? { ok: true, code: 'done', message: 'the key was replaced, and the old one is worth nothing' }
    : { ok: false, code: 'failed', message: `the old key stays: ${rotated.error}` };
}
