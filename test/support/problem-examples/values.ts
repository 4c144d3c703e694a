import type { VALUE_PROBLEMS } from '../../../shared/option-problems.js';
import { type Example, keys, line, value } from './doors.js';

export const VALUE_EXAMPLES: Readonly<Record<keyof typeof VALUE_PROBLEMS, Example>> = {
  unknownOption: keys('module = a.js\nproceses = 4', 'a.ini:3', 'proceses'),
  unknownFlag: line(['--proceses', '4'], 'option', '--proceses'),
  valueMissingBehind: line(['-m', 'a.js', '--listen'], 'option', '--listen'),
  unknownHelp: line(['--help', 'harikiri'], '--help', 'harikiri'),
  notAChoice: value('log-level', 'loud'),
  valueMissing: line(['-m', 'a.js', '--pidfile', ''], '--pidfile', 'PATH'),
  neitherTrueNorFalse: keys('module = a.js\nmaster = maybe', 'a.ini:3: master', 'maybe'),
  outOfBounds: value('processes', '0'),
  noQuantity: value('harakiri', 'soon'),
  noNumber: value('listen', 'many'),
  addressEmpty: line(['-m', 'a.js', '--https', ',c,k'], '--https', 'address'),
  addressNameless: line(['-m', 'a.js', '--https', '@,c,k'], '--https', '@'),
  addressNoV6: line(['-m', 'a.js', '--https', '[nine]:1,c,k'], '--https', '[nine]:1'),
  addressBareV6: line(['-m', 'a.js', '--https', '::1:1,c,k'], '--https', '::1:1'),
  addressNoHost: line(['-m', 'a.js', '--https', 'a b:1,c,k'], '--https', 'a b:1'),
  addressNoPort: line(['-m', 'a.js', '--https', 'a:99999,c,k'], '--https', 'a:99999'),
  addressNothing: line(['-m', 'a.js', '--https', 'nowhere,c,k'], '--https', 'nowhere'),
  addressTooLong: line(
    ['-m', 'a.js', '--https', `/${'long'.repeat(30)},c,k`],
    '--https',
    `/${'long'.repeat(30)}`,
  ),
};
