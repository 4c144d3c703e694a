import type http from 'node:http';
import type { RefusalCode } from '../wire/refusals.js';

/** Why a request is not given to the application. */
export interface Refusal {
  /** Under which it is counted. */
  readonly code: RefusalCode;
  readonly status: number;
  /** One line for the client and the log, without anything that the client sent. */
  readonly reason: string;
}

/**
 * Is told of a request that does not pass, once it is answered; `response` is null where it had
 * none and was answered on its connection (by `refusalBytes`).
 */
export type OnGateRefused = (
  refusal: Refusal,
  request: http.IncomingMessage,
  response: http.ServerResponse | null,
) => void;
