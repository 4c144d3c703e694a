import type { Fields } from './fields.js';
import { amount, listOf, partOf, readFields, text } from './read-document.js';
import type { Notes, Reader, Readers } from './read-document.js';
import type {
  DecodedDocument,
  DecodedRouter,
  UwsgiNode,
  UwsgiStaticNode,
  UwsgiSubscription,
} from './stats.js';

/** The short names of uWSGI's core routers: under its own each lists where it listens. */
const ROUTERS = ['http', 'https', 'fastrouter', 'rawrouter', 'sslrouter', 'forkptyrouter'] as const;

const MANY = 10_000;
const NAME = text(4096);

const NODE: Reader<Partial<UwsgiNode>> = partOf<UwsgiNode>({
  ...{ name: NAME, modifier1: amount, modifier2: amount, last_check: amount },
  ...{ pid: amount, uid: amount, gid: amount, requests: amount, last_requests: amount },
  ...{ tx: amount, rx: amount, cores: amount, load: amount, weight: amount, wrr: amount },
  ...{ ref: amount, failcnt: amount, death_mark: amount },
});

const SUBSCRIPTION: Reader<Partial<UwsgiSubscription>> = partOf<UwsgiSubscription>({
  ...{ key: NAME, hash: amount, hits: amount, sni_enabled: amount },
  nodes: listOf(NODE, MANY),
});

const STATIC_NODE: Reader<Partial<UwsgiStaticNode>> = partOf<UwsgiStaticNode>({
  ...{ name: NAME, hits: amount, grace: amount },
});

const ROUTER_READERS: Readers<Omit<DecodedRouter, 'name' | 'addresses'>> = {
  ...{ version: text(200), pid: amount, uid: amount, gid: amount, cwd: NAME },
  ...{ active_sessions: amount, cheap: amount },
  static_nodes: listOf(STATIC_NODE, MANY),
  subscriptions: listOf(SUBSCRIPTION, MANY),
};

/** Reads what the stats server of a uWSGI router says: it has sessions and nodes, and no workers. */
export function readRouter(value: Fields, notes: Notes): DecodedDocument {
  const name = ROUTERS.find((each) => Object.hasOwn(value, each));
  const listed = name === undefined ? [] : listOf(NAME, MANY)(value[name], `$.${name}`, notes);
  const rest = readFields(value, ROUTER_READERS, '$', notes);
  const router = { name: name ?? 'router', addresses: listed ?? [], ...rest };
  return { kind: 'router', router, damaged: notes.damaged };
}
