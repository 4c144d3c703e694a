import { VALUE_PROBLEMS } from '../../../shared/option-problems.js';
import { FILE_PROBLEMS } from './files.js';
import { MACHINE_PROBLEMS } from './machine.js';
import { TOGETHER_PROBLEMS } from './together.js';
import { SYNTAX_PROBLEMS } from './values.js';

/**
 * All that reading a configuration can have against it, by id. A test has an example of each, which gets
 * there the way that a user would, and holds that the sentence names the thing, the value and a remedy.
 */
export const PROBLEMS = {
  ...VALUE_PROBLEMS,
  ...SYNTAX_PROBLEMS,
  ...TOGETHER_PROBLEMS,
  ...FILE_PROBLEMS,
  ...MACHINE_PROBLEMS,
};
