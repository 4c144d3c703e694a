import type { Json } from '../../shared/delta.js';
import type { ReplyCode } from '../../shared/protocol.js';
import type { DecodedDocument } from '../../shared/stats.js';

export type { DecodedDocument } from '../../shared/stats.js';

/** What a stats server turned out to speak. */
export type Transport = 'raw' | 'http' | 'live';

/**
 * What cannot be done although other things can, each with the reason in one sentence: a real uWSGI
 * is steered by more than one means, and none of them can do everything.
 */
export type ControlLimits = Partial<
  Readonly<Record<'worker' | 'chain' | 'brutal' | 'scale', string>>
>;

/** Whether commands can be sent, and in one sentence why not. */
export type ControlState =
  | { readonly available: true; readonly limits?: ControlLimits }
  | { readonly available: false; readonly reason: string };

/** Everything a client tells; `at` is the monotonic clock in milliseconds. */
export type ClientEvent =
  | { readonly type: 'connecting'; readonly at: number }
  | {
      readonly type: 'document';
      readonly at: number;
      readonly transport: Transport;
      readonly document: DecodedDocument;
      /** The same as it was served, for who passes it on. */
      readonly stats?: Json;
    }
  /** The server answered, but with something that cannot be shown; polling goes on. */
  | { readonly type: 'problem'; readonly at: number; readonly message: string }
  /** The server cannot be reached; it is tried again after `retryInMs`. */
  | {
      readonly type: 'disconnected';
      readonly at: number;
      readonly message: string;
      readonly retryInMs: number;
    }
  | { readonly type: 'control'; readonly at: number; readonly control: ControlState }
  /** The server accepted or refused a command. */
  | {
      readonly type: 'reply' | 'outcome';
      readonly at: number;
      readonly id: number;
      readonly ok: boolean;
      readonly code: ReplyCode;
      readonly message: string;
      /** See `OutcomeMessage.problems`. */
      readonly problems?: readonly string[];
    }
  /** How far an accepted command is. */
  | {
      readonly type: 'progress';
      readonly at: number;
      readonly id: number;
      readonly message: string;
    };

/** The arrival of a document. */
export type DocumentEvent = Extract<ClientEvent, { readonly type: 'document' }>;
