/** What a request is for: the target that the worker gets, and the host that it names. */
export interface Target {
  readonly path: string;
  /** The authority of an absolute form, which overrules Host (RFC 9112 §3.2.2); null: Host holds. */
  readonly authority: string | null;
}

/** Turns the target of a request into origin form; null when it is none that is served here. */
export function readTarget(url: string, method: string): Target | null {
  if (url.startsWith('/')) return { path: url, authority: null };
  if (url === '*') return method === 'OPTIONS' ? { path: url, authority: null } : null;
  const match = /^https?:\/\/([\w!$%&'()*+.:;=[\]~-]+)([/?].*)?$/i.exec(url);
  const authority = match?.[1];
  if (authority === undefined) return null;
  const rest = match?.[2] ?? '';
  // RFC 9112 §3.2.4: OPTIONS for the whole server has no path in absolute form.
  if (rest === '') return { path: method === 'OPTIONS' ? '*' : '/', authority };
  return { path: rest.startsWith('?') ? `/${rest}` : rest, authority };
}
