/** Types besides text that compress well and are not compressed by themselves. */
const TYPES = new Set([
  'application/javascript',
  'application/json',
  'application/ld+json',
  'application/manifest+json',
  'application/rtf',
  'application/vnd.ms-fontobject',
  'application/wasm',
  'application/x-javascript',
  'application/x-ndjson',
  'application/xml',
  'font/otf',
  'font/ttf',
  'image/bmp',
  'image/svg+xml',
  'image/vnd.microsoft.icon',
  'image/x-icon',
]);

/** Whether content of this type is worth compressing; events must not wait for one another. */
export function isCompressible(contentType: string): boolean {
  const type = (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (type === 'text/event-stream') return false;
  return type.startsWith('text/') || TYPES.has(type) || /^[a-z]+\/.+\+(?:json|xml)$/.test(type);
}
