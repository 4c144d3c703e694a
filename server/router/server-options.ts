import type http from 'node:http';
import type { RouterSettings } from './settings.js';

/** What a server that a router serves should be made with. */
export function serverOptions({
  headersTimeoutMs,
  keepAliveMs,
  maxHeaderSize,
}: RouterSettings): http.ServerOptions {
  return {
    keepAliveTimeout: keepAliveMs,
    headersTimeout: headersTimeoutMs,
    // A body may take as long as it makes progress: the router watches over that.
    requestTimeout: 0,
    connectionsCheckingInterval: Math.max(50, Math.min(1000, headersTimeoutMs / 4)),
    maxHeaderSize,
    requireHostHeader: false,
    insecureHTTPParser: false,
  };
}
