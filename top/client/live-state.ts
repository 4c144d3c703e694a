import { decodeServerMessage, type ServerEnvelope } from '../../shared/decode-message.js';
import { decodeValue, type ReadDocument } from '../../shared/decode-stats.js';
import { patch, type Json } from '../../shared/delta.js';
import { PROTOCOL_VERSION } from '../../shared/protocol.js';
import type { AuthorisedMessage, HelloMessage } from '../../shared/protocol.js';
import type { OutcomeMessage, ProgressMessage, ReplyMessage } from '../../shared/protocol.js';
import { messageOf } from '../../shared/result.js';
import type { DecodedDocument } from '../../shared/stats.js';

/** What a client knows of a live connection, between two messages. */
export interface LiveState {
  readonly hello: HelloMessage | undefined;
  /** The document of number `seq`; undefined before the first, and while a new one is awaited. */
  readonly current: (ReadDocument & { readonly seq: number }) | undefined;
  /** Messages in a row that were of no use. */
  readonly misfits: number;
}

export const NEW_LIVE_STATE: LiveState = { hello: undefined, current: undefined, misfits: 0 };

/** What a message leads to. */
export type LiveAction =
  | { readonly type: 'hello'; readonly hello: HelloMessage }
  | { readonly type: 'document'; readonly document: DecodedDocument; readonly stats: Json }
  | { readonly type: 'resync' }
  | { readonly type: 'problem'; readonly message: string }
  /** The server does not speak this protocol: polling is all that can be done. */
  | { readonly type: 'refuse'; readonly message: string }
  /** The connection is of no use any more. */
  | { readonly type: 'fail'; readonly message: string }
  | AuthorisedMessage
  | ReplyMessage
  | ProgressMessage
  | OutcomeMessage;

type Step = readonly [LiveState, readonly LiveAction[]];

/** A server that sends nonsense, on and on, is left. */
const MAX_MISFITS = 5;

/** Takes one message of the server; decides, and does nothing itself. Never throws. */
export function receive(state: LiveState, text: string): Step {
  const message = decodeServerMessage(text);
  if (!message.ok) return misfit(state, message.error);
  if (state.hello === undefined) return receiveHello(state, message.value);
  switch (message.value.type) {
    case 'hello':
      return [state, [{ type: 'fail', message: 'the server greeted twice' }]];
    case 'snapshot':
      return receiveDocument(state, message.value.seq, message.value.stats);
    case 'delta':
      return receiveDelta(state, message.value.seq, message.value.delta);
    case 'authorised':
    case 'reply':
    case 'progress':
    case 'outcome':
      return [state, [message.value]];
  }
}

function receiveHello(state: LiveState, message: ServerEnvelope): Step {
  if (message.type !== 'hello') {
    return [state, [{ type: 'refuse', message: 'the server did not greet first' }]];
  }
  if (message.protocol !== PROTOCOL_VERSION) {
    const versions = `${message.protocol}, this client version ${PROTOCOL_VERSION}`;
    const text = `the server speaks version ${versions} of the live protocol`;
    return [state, [{ type: 'refuse', message: text }]];
  }
  return [{ ...state, hello: message }, [{ type: 'hello', hello: message }]];
}

function receiveDocument(state: LiveState, seq: number, stats: Json): Step {
  const decoded = decodeValue(stats, state.current);
  if (!decoded.ok) return misfit(state, decoded.error.message);
  const document = decoded.value;
  if (document.kind !== 'instance' || document.instance.boot_id !== state.hello?.boot_id) {
    return [state, [{ type: 'fail', message: 'the document is of another start of the server' }]];
  }
  const next: LiveState = { ...state, current: { seq, value: stats, document }, misfits: 0 };
  return [next, [{ type: 'document', document, stats }]];
}

function receiveDelta(state: LiveState, seq: number, delta: unknown): Step {
  // A whole document is on its way; deltas until then are against one that we do not have.
  if (state.current === undefined) return [state, []];
  if (seq !== state.current.seq + 1) {
    return misfit(state, `document ${seq} came after ${state.current.seq}`);
  }
  try {
    return receiveDocument(state, seq, patch(state.current.value, delta));
  } catch (error) {
    return misfit(state, `the change does not fit: ${messageOf(error)}`);
  }
}

/** Something was lost or is wrong: the next whole document puts it right, a few times. */
function misfit(state: LiveState, message: string): Step {
  const misfits = state.misfits + 1;
  if (state.hello === undefined) return [state, [{ type: 'refuse', message }]];
  if (misfits > MAX_MISFITS) return [state, [{ type: 'fail', message }]];
  const next: LiveState = { ...state, current: undefined, misfits };
  // A gap mends itself unseen; only what repeats is worth a word.
  const told: LiveAction[] = misfits > 1 ? [{ type: 'problem', message }] : [];
  return [next, [...told, { type: 'resync' }]];
}
