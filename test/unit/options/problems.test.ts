import { describe } from 'node:test';
import { PROBLEMS } from '../../../server/options/problems/table.js';
import { FILE_EXAMPLES } from '../../support/problem-examples/files.js';
import { holdTable } from '../../support/problem-examples/hold.js';
import { MACHINE_EXAMPLES } from '../../support/problem-examples/machine.js';
import { SYNTAX_EXAMPLES } from '../../support/problem-examples/syntax.js';
import { TOGETHER_EXAMPLES } from '../../support/problem-examples/together.js';
import { VALUE_EXAMPLES } from '../../support/problem-examples/values.js';

describe('each problem that reading a configuration can have', () => {
  holdTable(PROBLEMS, {
    ...VALUE_EXAMPLES,
    ...SYNTAX_EXAMPLES,
    ...TOGETHER_EXAMPLES,
    ...FILE_EXAMPLES,
    ...MACHINE_EXAMPLES,
  });
});
