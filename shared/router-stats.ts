/** A node that serves what a router takes for a key, or one of several. */
export interface UwsgiNode {
  name: string;
  modifier1: number;
  modifier2: number;
  /** When it announced itself last, seconds since 1970. */
  last_check: number;
  pid: number;
  uid: number;
  gid: number;
  requests: number;
  /** Since it announced itself last. */
  last_requests: number;
  /** Bytes. */
  tx: number;
  rx: number;
  cores: number;
  load: number;
  weight: number;
  wrr: number;
  /** Sessions that use it now. */
  ref: number;
  failcnt: number;
  /** Above 0: it is removed as soon as no session uses it. */
  death_mark: number;
}

/** A key, such as a name of a host, and the nodes that announced themselves for it. */
export interface UwsgiSubscription {
  key: string;
  hash: number;
  hits: number;
  sni_enabled: number;
  nodes: Partial<UwsgiNode>[];
}

/** A node that a router was given by its options. */
export interface UwsgiStaticNode {
  name: string;
  hits: number;
  /** When it failed last, seconds since 1970, and is left alone for a while; 0 otherwise. */
  grace: number;
}

/** What a reader may rely on of a uWSGI router: http, fastrouter and their like. */
export interface DecodedRouter {
  /** As uWSGI calls it: `http`, `fastrouter`; `router` where that is not to be seen. */
  name: string;
  version?: string;
  pid?: number;
  uid?: number;
  gid?: number;
  cwd?: string;
  active_sessions?: number;
  /** Where it listens: for clients, and for nodes that announce themselves. */
  addresses: string[];
  static_nodes?: Partial<UwsgiStaticNode>[];
  subscriptions?: Partial<UwsgiSubscription>[];
  /** Above 0: no node is there, and it does not listen. */
  cheap?: number;
}
