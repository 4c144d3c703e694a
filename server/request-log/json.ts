import { cgiSize, cgiVariable, protocolOf } from './cgi.js';
import type { LineWriter } from './entry.js';
import { jsonLine } from './escape.js';
import { bodyBytes, headerCount } from './logged.js';

/** An object a line; its names are documented, and what is not known is null. */
export function createJson(hasMemory: boolean): LineWriter {
  return ({ logged, origin, client, endedAt }) => {
    const { request, head, core, micros, status, isStatic, isCut } = logged;
    const { headers } = request;
    const vars = cgiSize(request);
    return jsonLine({
      time: new Date(endedAt - micros / 1000).toISOString(),
      pid: origin.pid,
      worker: origin.worker === 0 ? null : origin.worker,
      core: core < 0 ? null : core,
      client: client === '' ? null : client,
      user: cgiVariable(request, 'REMOTE_USER'),
      method: request.method ?? null,
      uri: request.url ?? null,
      protocol: protocolOf(request) || null,
      host: headers.host ?? null,
      user_agent: headers['user-agent'] ?? null,
      referer: headers.referer ?? null,
      status,
      body_bytes: bodyBytes(logged),
      headers: headerCount(head),
      header_bytes: head.length,
      micros: Math.floor(micros),
      vars: vars.count,
      vars_bytes: vars.bytes,
      static: isStatic,
      client_left: isCut,
      ...(hasMemory && origin.memory()),
    });
  };
}
