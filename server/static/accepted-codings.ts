/** How content may be compressed, the better one first. */
export const CODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

export type Coding = (typeof CODINGS)[number];

/**
 * The codings that a client takes, the one it prefers first (RFC 9110 §12.5.3); among equals the
 * better one. Who does not say what it takes gets content as it is.
 */
export function acceptedCodings(field: string | undefined): readonly Coding[] {
  if (field === undefined || field === '') return [];
  const weights = new Map<string, number>();
  for (const item of field.split(',')) {
    const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase());
    weights.set(name === 'x-gzip' ? 'gzip' : name, weightOf(parameters));
  }
  const weight = ({ name }: Coding): number => weights.get(name) ?? weights.get('*') ?? 0;
  // A client may say that it would rather have it as it is.
  const plain = weights.get('identity') ?? 0;
  return CODINGS.filter((coding) => weight(coding) > 0 && weight(coding) >= plain).toSorted(
    (a, b) => weight(b) - weight(a),
  );
}

function weightOf(parameters: readonly string[]): number {
  const text = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (text === undefined) return 1;
  // What is no weight is none that could be counted on.
  return /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(text) ? Number(text) : 0;
}
