import fc from 'fast-check';

/**
 * Pipelines of valid and invalid requests, as fast-check makes them. Each target begins with
 * `/TAG-`, for whoever sends one to put a name of its own there.
 */

export const TAG = 'R0000';

const token = fc.stringMatching(/^[a-z]{1,6}$/);
const text = fc.stringMatching(/^[ -~]{0,40}$/);
/** Bodies that look like requests, for a front that loses count. */
const bait = fc.constantFrom(
  `GET /${TAG}-smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
  `0\r\n\r\nGET /${TAG}-smuggled HTTP/1.1\r\nHost: a\r\n\r\n`,
  '\r\n\r\n',
);
const content = fc.oneof(text, bait);
const noise = fc
  .array(fc.tuple(token, text), { maxLength: 3 })
  .map((fields) => fields.map(([name, value]) => `X-${name}: ${value}\r\n`).join(''));

/** The sizes of chunks are written in each way that they may be. */
const size = fc.constantFrom<(length: number) => string>(
  (length) => length.toString(16),
  (length) => length.toString(16).toUpperCase(),
  (length) => `00${length.toString(16)}`,
);
const trailers = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: noise },
);
const chunks = fc
  .tuple(
    fc.array(
      fc.tuple(
        content.filter((part) => part !== ''),
        size,
      ),
      { maxLength: 4 },
    ),
    trailers,
  )
  .map(([parts, last]) => {
    const written = parts.map(([part, written]) => `${written(part.length)};a=b\r\n${part}\r\n`);
    return `${written.join('')}0\r\n${last}\r\n`;
  });

const plain = fc
  .tuple(fc.constantFrom('GET', 'DELETE', 'OPTIONS'), token, noise)
  .map(([method, name, more]) => `${method} /${TAG}-${name} HTTP/1.1\r\nHost: a\r\n${more}\r\n`);
const withLength = fc
  .tuple(fc.constantFrom('POST', 'GET', 'PATCH'), token, noise, content, fc.constantFrom('', '00'))
  .map(
    ([method, name, more, body, zeros]) =>
      `${method} /${TAG}-${name}?a=b HTTP/1.1\r\nHost: a\r\n${more}` +
      `Content-Length: ${zeros}${body.length}\r\n\r\n${body}`,
  );
const withChunks = fc
  .tuple(fc.constantFrom('PUT', 'POST'), token, noise, chunks)
  .map(
    ([method, name, more, body]) =>
      `${method} /${TAG}-${name} HTTP/1.1\r\n${more}Host: a\r\n` +
      `Transfer-Encoding: chunked\r\n\r\n${body}`,
  );
const valid = fc
  .tuple(fc.oneof(plain, withLength, withChunks), fc.constantFrom('', '', '', '\r\n'))
  .map(([request, before]) => before + request);

const inHead =
  (line: string) =>
  (request: string): string =>
    request.replace('Host: a\r\n', `Host: a\r\n${line}\r\n`);

/** What makes a valid request invalid; those of chunks leave others as they are. */
const FAULTS: readonly ((request: string) => string)[] = [
  inHead('Host: b'),
  inHead('host: a'),
  (request) => request.replace('Host: a\r\n', ''),
  (request) => request.replace('Host: a', 'Host : a'),
  (request) => request.replace('Host: a', 'Host: a/b'),
  inHead('Content-Length: 3\r\nTransfer-Encoding: chunked'),
  inHead('Content-Length: 3\r\nContent-Length: 4'),
  inHead('Content-Length: +3'),
  inHead('Content-Length: 0x3'),
  inHead('Content-Length: 3, 3'),
  inHead('Content-Length: -0'),
  inHead('Transfer-Encoding: chunked, identity'),
  inHead('Transfer-Encoding: \x0bchunked'),
  inHead('Transfer-Encoding : chunked'),
  inHead(' Transfer-Encoding: chunked'),
  inHead('No colon'),
  inHead('X-a: 1\rX-b: 2'),
  inHead('X-a: 1\0'),
  (request) => request.replace('Host: a\r\n', 'Host: a\n'),
  (request) => request.replace('HTTP/1.1', 'HTTP/1.1 '),
  (request) => request.replace('HTTP/1.1', 'HTTP/1.7'),
  (request) => request.replace(/^/, 'GARBAGE\r\n\r\n'),
  (request) => request.replace(';a=b\r\n', ';a=b\n'),
  (request) => request.replace(';a=b\r\n', ' ;a=b\r\n'),
  (request) => request.replace(/([0-9A-F]+);a=b/i, '0x$1;a=b'),
  (request) => request.replace(/([0-9A-F]+);a=b/i, '-$1;a=b'),
  (request) => request.replace(/([0-9A-F]+);a=b/i, '10000000000000000$1;a=b'),
  (request) => request.replace(/0\r\n\r\n$/, '0\r\nHost: b\r\n\r\n'),
  (request) => request.replace(/0\r\n\r\n$/, '0\r\nContent-Length: 9\r\n\r\n'),
  (request) => request.replace(/0\r\n\r\n$/, '0\r\nno colon\r\n\r\n'),
];
const invalid = fc
  .tuple(valid, fc.constantFrom(...FAULTS))
  .map(([request, fault]) => fault(request));

/** Behind a request that closes its connection there is nothing more to be read. */
const closing = valid.map((request) =>
  request.replace('Host: a\r\n', 'Host: a\r\nConnection: close\r\n'),
);

export interface Pipeline {
  readonly requests: readonly string[];
  /** Into pieces of how many bytes it is cut. */
  readonly pieces: number;
}

/** One to six requests, of which some are invalid. */
export const pipelines: fc.Arbitrary<Pipeline> = fc.record({
  requests: fc.array(
    fc.oneof(
      { weight: 12, arbitrary: valid },
      { weight: 3, arbitrary: invalid },
      { weight: 1, arbitrary: closing },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  pieces: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 8, max: 2000 })),
});
