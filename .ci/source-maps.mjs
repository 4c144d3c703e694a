// A source map that says of each place of a packed file in which line of which file it was written,
// and no more: columns and names are seven eighths of it, and a stack is read by its lines.

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The numbers of a segment: base 64, five bits a digit, the lowest first, the sign in the lowest. */
function decode(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value |= (digit & 31) << shift;
    shift += 5;
    if ((digit & 32) !== 0) continue;
    numbers.push((value & 1) === 0 ? value >>> 1 : -(value >>> 1));
    value = shift = 0;
  }
  return numbers;
}

function encode(numbers) {
  let text = '';
  for (const number of numbers) {
    let rest = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      const digit = rest & 31;
      rest >>>= 5;
      text += DIGITS[rest > 0 ? digit | 32 : digit];
    } while (rest > 0);
  }
  return text;
}

/** The map with one segment for each run of places that were written in the same line. */
export function linesOnly(json) {
  const { version, sources, mappings } = JSON.parse(json);
  // The format counts from the segment before, and columns anew in each line of the packed file.
  const [read, written] = [
    { source: 0, line: 0 },
    { source: 0, line: 0 },
  ];
  const lines = mappings.split(';').map((line) => {
    let column = 0;
    let writtenColumn = 0;
    let last = null;
    const kept = [];
    for (const segment of line === '' ? [] : line.split(',')) {
      const [columns = 0, source, down = 0] = decode(segment);
      column += columns;
      if (source === undefined) continue;
      read.source += source;
      read.line += down;
      const place = `${read.source}:${read.line}`;
      if (place === last) continue;
      last = place;
      kept.push(
        encode([column - writtenColumn, read.source - written.source, read.line - written.line, 0]),
      );
      writtenColumn = column;
      Object.assign(written, read);
    }
    return kept.join(',');
  });
  return JSON.stringify({ version, sources, names: [], mappings: lines.join(';') });
}
