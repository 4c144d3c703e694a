// Whole answers: with a length, so that the connection can serve the next request.

/** Answers with a text of the given type. */
export function send(res, status, type, body) {
  res.statusCode = status;
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}

/** Answers with a value as JSON that no cache keeps. */
export function json(res, value, status = 200) {
  res.setHeader('Cache-Control', 'no-store');
  send(res, status, 'application/json', `${JSON.stringify(value)}\n`);
}

/** Answers that the request cannot be served, and why. */
export function problem(res, status, reason) {
  json(res, { error: reason }, status);
}

/**
 * Reads a number from a query. What is missing is `fallback`; what is no plain decimal, or outside
 * `min` to `max`, is answered 400 here, and undefined is returned.
 */
export function numberFrom(query, res, { name, fallback, min, max }) {
  const text = query.get(name) ?? String(fallback);
  const value = Number(text);
  if (/^\d{1,6}(\.\d{1,3})?$/.test(text) && value >= min && value <= max) return value;
  problem(res, 400, `${name} must be a number from ${min} to ${max}`);
  return undefined;
}
