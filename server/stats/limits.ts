/** What the stats server grants its clients. All times are milliseconds, all sizes bytes. */
export interface Limits {
  /** Connections open at once, over all addresses. */
  readonly maxConnections: number;
  /** Of them, those of one peer that is neither on loopback nor on a unix socket. */
  readonly maxPerPeer: number;
  /** How long `--stats-http` waits for the first byte; uWSGI's socket-timeout. */
  readonly httpWaitMs: number;
  /** How long a silent client may take nothing of its document. */
  readonly rawStalledMs: number;
  /** How long it may take to read all of it. */
  readonly rawDeadlineMs: number;
  /** How long a TLS handshake may take. */
  readonly handshakeMs: number;
  /** Under `--stats-secret`: how long a live client may take to prove a key. */
  readonly proofMs: number;
  /** How long the head of a request may take to arrive. */
  readonly headTimeoutMs: number;
  /** How long a whole request may take to arrive. */
  readonly requestTimeoutMs: number;
  /** How long a client may take to read an HTTP answer. */
  readonly responseDeadlineMs: number;
  /** How long an idle keep-alive connection stays; above the usual scrape interval of a minute. */
  readonly keepAliveMs: number;
  /** The largest message a live client may send. */
  readonly maxMessageBytes: number;
  /** Messages a live client may send in a second. */
  readonly maxMessagesPerSecond: number;
  /** Messages that make no sense before a live client is cut. */
  readonly maxBadMessages: number;
  /** Bytes that may wait for a live client that keeps sending while it does not read. */
  readonly maxBufferedBytes: number;
  /** Between two pings; a live client that has not answered by the next one is cut. */
  readonly heartbeatMs: number;
  /** How long a live client that is cut may take to answer the close frame that tells it why. */
  readonly cutGraceMs: number;
  /** How long a live client may leave a document unread. */
  readonly stalledMs: number;
  /** How long a wrong key waits for its answer. */
  readonly authDelayMs: number;
  /** Wrong keys before the connection is cut. */
  readonly maxAuthFailures: number;
  /** Wrong keys of one peer, over all its connections, before no more are looked at. */
  readonly maxPeerFailures: number;
  /** For how long then. */
  readonly lockOutMs: number;
  /** Commands of one peer, over all its connections. */
  readonly maxCommandsPerSecond: number;
  /** Commands of one connection whose outcome is not known yet. */
  readonly maxPendingCommands: number;
  /** How long `close` lets connections finish before it cuts them. */
  readonly closeGraceMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxConnections: 4096,
  maxPerPeer: 64,
  httpWaitMs: 4000,
  rawStalledMs: 5000,
  rawDeadlineMs: 30_000,
  handshakeMs: 10_000,
  proofMs: 10_000,
  headTimeoutMs: 10_000,
  requestTimeoutMs: 15_000,
  responseDeadlineMs: 15_000,
  keepAliveMs: 75_000,
  maxMessageBytes: 65_536,
  maxMessagesPerSecond: 100,
  maxBadMessages: 10,
  maxBufferedBytes: 16_777_216,
  heartbeatMs: 15_000,
  cutGraceMs: 2000,
  stalledMs: 30_000,
  authDelayMs: 1000,
  maxAuthFailures: 3,
  maxPeerFailures: 10,
  lockOutMs: 60_000,
  maxCommandsPerSecond: 50,
  maxPendingCommands: 16,
  closeGraceMs: 250,
};
