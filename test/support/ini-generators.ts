import fc from 'fast-check';

/** Ini files at random, of what uWSGI reads in special ways; they include `inc.ini`, read `w.txt`. */

const key = fc.constantFrom('ka', 'kb', 'kc', 'kd', 'ke');

const word = fc.constantFrom(
  ...['%(ka)', '%(kb)', '%(kc)', '%(kd)', '%(ka + 1)', '%(kb ++)', '%(kc kd - 2)', '%(ka(b))'],
  ...['$(INI_ONE)', '$(INI_REFERENCE)', '$(INI_NONE)', '%($(INI_NAME))', '@(w.txt)', '%(_)'],
  ...[
    '%%',
    '%n',
    '%d',
    '%c',
    '%j',
    '%z',
    'x',
    'y z',
    '5',
    '12',
    '(',
    ')',
    '%(',
    '$(',
    '=',
    '"',
    ';c',
    '%()',
  ],
);

const value = fc
  .tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom('', ' '))
  .map(([words, between]) => words.join(between));

const line = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(key, value).map(([name, text]) => `${name} = ${text}`) },
  { weight: 1, arbitrary: fc.constantFrom('ini = inc.ini', 'ini = inc.ini:sec', 'ka', 'kb =') },
);

const block = fc
  .tuple(
    fc.constantFrom(
      ...['for = a b  c', 'for =', 'for-times = 3', 'for-glob = *.txt', 'for-readline = w.txt'],
      ...['if-env = INI_ONE', 'if-env = INI_ONE=two', 'if-not-env = INI_ONE=two', 'if-not-env = X'],
      ...['if-opt = ka', 'if-opt = kb=5', 'if-not-opt = kb=5', 'if-not-opt = kc', 'ifdir = w.txt'],
    ),
    fc.array(line, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('end', 'endif', 'endfor ='),
  )
  .map(([begin, lines, end]) => [begin, ...lines, end].join('\n'));

const special = fc.oneof(
  value.map((text) => `set = ke=${text}`),
  fc.constantFrom('set-ph = kp=%(ka)', '[other]\nka = no\n[uwsgi]', '; comment'),
);

/** Lines of a section. */
export const iniText = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: line },
      { weight: 2, arbitrary: block },
      { weight: 1, arbitrary: special },
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => ['[uwsgi]', ...parts, ''].join('\n'));

/** The same words in YAML: keys, some with a list. In quotes a backslash would come between `%` and its letter. */
export const yamlText = fc
  .array(
    fc.tuple(
      key,
      fc.array(
        value.filter((text) => !/["\\]/.test(text)),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((entries) =>
    entries
      .map(([name, values]) => {
        const quoted = values.map((text) => `"${text}"`);
        return `  ${name}: ${quoted.length === 1 ? (quoted[0] ?? '') : `[${quoted.join(', ')}]`}\n`;
      })
      .join(''),
  )
  .map((lines) => `uwsgi:\n${lines}`);

/** The files that they speak of. */
export const INI_NEIGHBOURS = {
  'inc.ini': '[uwsgi]\nki = %n-%N %(ka)\n[sec]\nks = %x %(_)\nka = again\n',
  'w.txt': '%(kb) $(INI_ONE)\nx y\n\n',
} as const;
