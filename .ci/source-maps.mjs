// A source map that says of each place of a packed file in which line of which file it was written,
// and no more: columns and names are most of it, and a stack is read by its lines. Places at which
// nothing can be called or thrown, such as those of a table, are in no stack and are left out too.

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

/** What the code of a place must have if a stack or a profile is to name it. */
const IN_STACKS =
  /[(.[`]|=>|\b(?:throw|new|in|instanceof|await|yield|of|class|extends)\b|[}\]]\s*=/;

/** The places of a line, from which column on each counts; places without a source are left out. */
function placesOf(line, read) {
  const places = [];
  let column = 0;
  for (const segment of line === '' ? [] : line.split(',')) {
    const [columns = 0, source, down = 0] = decode(segment);
    column += columns;
    if (source === undefined) continue;
    read.source += source;
    read.line += down;
    const last = places.at(-1);
    if (last?.source === read.source && last.line === read.line) continue;
    places.push({ column, ...read });
  }
  return places;
}

/** The map of a packed file, with one segment for each run of places written in the same line. */
export function linesOnly(json, code) {
  const texts = code.split('\n');
  const { version, sources, mappings } = JSON.parse(json);
  // The format counts from the segment before, and columns anew in each line of the packed file.
  const [read, written] = [
    { source: 0, line: 0 },
    { source: 0, line: 0 },
  ];
  const places = mappings.split(';').map((line) => placesOf(line, read));
  /** The code of a place: to the next one, which may stand in a later line. */
  const codeOf = (at, index) => {
    const { column } = places[at][index];
    const next = places[at][index + 1];
    if (next !== undefined) return texts[at].slice(column, next.column);
    let text = texts[at].slice(column);
    for (let line = at + 1; line < texts.length; line += 1) {
      const first = places[line]?.[0];
      text += `\n${texts[line].slice(0, first?.column)}`;
      if (first !== undefined) break;
    }
    return text;
  };
  const lines = places.map((line, at) => {
    let column = 0;
    return line
      .filter((_, index) => IN_STACKS.test(codeOf(at, index)))
      .map((place) => {
        const numbers = [
          place.column - column,
          place.source - written.source,
          place.line - written.line,
          0,
        ];
        column = place.column;
        Object.assign(written, { source: place.source, line: place.line });
        return encode(numbers);
      })
      .join(',');
  });
  return JSON.stringify({ version, sources, names: [], mappings: lines.join(';') });
}
