import type { Result } from '../../shared/result.js';
import type { Step } from './control-flow.js';
import type { Model } from './model.js';

/** A command of the `:` line: what it does, what may be typed after it, and what help says of it. */
export interface PromptCommand {
  readonly name: string;
  /** What follows the name; empty when nothing does. */
  readonly usage: string;
  readonly help: string;
  /** What may stand after the words that are given, where `begun` is being typed. */
  readonly words: (model: Model, given: readonly string[], begun: string) => readonly string[];
  /** Does it. The error is one sentence that names the word and what would be right. */
  readonly run: (model: Model, words: readonly string[], rest: string) => Result<Step, string>;
}
