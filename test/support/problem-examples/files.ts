import type { FILE_PROBLEMS } from '../../../server/options/problems/files.js';
import { type Example, file, keys, line } from './doors.js';

/** A text that is nested too deep for any parser. */
const ENDLESS = '['.repeat(200_000);

export const FILE_EXAMPLES: Readonly<Record<keyof typeof FILE_PROBLEMS, Example>> = {
  unreadable: line(['gone.ini'], 'gone.ini', 'no such file'),
  noSection: file('a.ini', '[other]\nmodule = a.js\n', 'a.ini', '[tsuwsgi]'),
  includedInItself: keys('include = a.ini', 'a.ini:2', 'a.ini'),
  inheritedFromItself: keys('inherit = a.ini', 'a.ini:2', 'a.ini'),
  blockOpen: keys('for = a b\nmodule = a.js', 'a.ini:2', 'for'),
  blockNested: keys('for = a\nif-exists = /\nendif =\nendfor =', 'a.ini:3', 'if-exists'),
  tooManyKeys: keys(
    'for-times = 10000\nenv = A=%(_)\nenv = B=%(_)\nendfor =\nmodule = a.js',
    'a.ini:',
    '10000',
  ),
  fileNameless: keys('include =', 'a.ini:2', 'include'),
  nameWithReference: keys('x = b\ninclude = %(x).ini', 'a.ini:3', '%(x).ini'),
  setUnread: keys('set = alone', 'a.ini:2', 'alone'),
  placeholderTaken: keys('set-ph = processes=4', 'a.ini:2', 'processes'),
  scheme: keys('include = http://host/a.ini', 'a.ini:2', 'http://'),
  loopNoNumber: keys('for-times = often\nenv = A=1\nendfor =', 'a.ini:2: for-times', 'often'),
  loopTooLong: keys('for-times = 10001\nenv = A=1\nendfor =', 'a.ini:2: for-times', '10001'),
  loopUnreadable: keys('for-readline = gone\nenv = A=1\nendfor =', 'a.ini:2', 'gone'),
  conditionUnread: keys('if-hostname-match = (x\nenv = A=1\nendif =', 'a.ini:2', '(x'),
  referenceUnreadable: keys('name = @(gone)\nmodule = a.js', 'a.ini:2', 'gone'),
  referenceEndless: keys('name = x%(name)\nmodule = a.js', 'a.ini:2: name', '%(name)'),
  beforeSections: file('a.ini', 'module = a.js\n[tsuwsgi]\n', 'a.ini:1', 'module = a.js'),
  percentAtEnd: keys('name = half %', 'a.ini:2', 'name = half %'),
  noOptionName: keys('my name = x', 'a.ini:2', 'my name'),
  sectionEmpty: file('a.yaml', 'tsuwsgi: text\n', 'a.yaml:1', 'tsuwsgi'),
  nested: file('a.yaml', 'tsuwsgi:\n  name:\n    first: a\n', 'a.yaml:2', 'name'),
  manyLines: file('a.json', '{"tsuwsgi": {"name": "a\\nb"}}', 'a.json:1', 'name'),
  nullValue: file('a.json', '{"tsuwsgi": {"name": null}}', 'a.json:1', 'name'),
  notJson: file('a.json', '{"tsuwsgi": {name: 1}}', 'a.json:1', 'JSON'),
  notToml: file('a.toml', '[tsuwsgi]\nname = [}\n', 'a.toml:2', 'TOML'),
  tomlNoValue: file('a.toml', '[tsuwsgi]\nname = \n', 'a.toml:2', 'name ='),
  tomlOpen: file('a.toml', `[tsuwsgi]\nname = ${'['.repeat(9)}\n`, 'a.toml:2', '['),
  yamlOpen: file('a.yaml', 'tsuwsgi:\n  name: [a\n', 'a.yaml:', '['),
  notYaml: file('a.yaml', 'tsuwsgi:\n  name: @x\n', 'a.yaml:2', 'YAML'),
  yamlTwice: file('a.yaml', 'tsuwsgi:\n  module: a.js\n---\nb: c\n', 'a.yaml:', 'document'),
  notBelowKey: file('a.json', '["module"]', 'a.json:1', '"tsuwsgi"'),
  unparsable: file('a.json', ENDLESS, 'a.json:1', 'it is nested too deeply'),
  foreign: keys('threads = 4', 'a.ini:2', 'threads'),
};
