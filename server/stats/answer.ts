/** An answer to an HTTP request, whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What is served changes every second, and no browser may guess at its type. */
export const COMMON_HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** A body with its type. */
export function content(type: string, body: Buffer): Answer {
  return { status: 200, headers: { 'Content-Type': type, ...COMMON_HEADERS }, body };
}

/** One line for people. */
export function text(status: number, line: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...COMMON_HEADERS, ...headers },
    body: Buffer.from(`${line}\n`),
  };
}
