/** What the router refuses beyond what the gate does. */

export const BAD_TARGET = {
  code: 'invalid_target',
  status: 400,
  reason: 'the target is neither a path nor an http address',
};
/** Node hands the socket over before the body, and nobody could tell where it ends. */
export const UPGRADE_WITH_BODY = {
  code: 'upgrade_with_body',
  status: 400,
  reason: 'a request to switch protocols with a body',
};
/** A request that is to be sent to HTTPS, and names no host there. */
export const NO_HOST = { code: 'no_host', status: 400, reason: 'there is no Host to be sent to' };
