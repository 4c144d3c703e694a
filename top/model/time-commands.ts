import { err } from '../../shared/result.js';
import type { PromptCommand } from './prompt-command.js';
import { jumpedBy, jumpedTo, readTime } from './replay-jump.js';

const quoted = (word: string): string => JSON.stringify(word.slice(0, 40));

const GOTO: PromptCommand = {
  name: 'goto',
  usage: 'TIME|end',
  help: 'show that moment of a recording, as in goto 12:30 from its beginning',
  words: (model, given) => (given.length === 0 && model.recordingMs !== null ? ['end'] : []),
  run(model, [word]) {
    if (word === undefined) return err('which moment? As in goto 12:30 or goto 1:02:30');
    if (word.toLowerCase() === 'end') {
      return model.recordingMs === null
        ? err('only a recording has an end, and that of this one is not known')
        : jumpedTo(model, model.recordingMs);
    }
    const ms = readTime(word);
    if (ms === null) return err(`${quoted(word)} is no time: as in 12:30, 1:02:30, 90 or 5m`);
    return jumpedTo(model, ms);
  },
};

const SEEK: PromptCommand = {
  name: 'seek',
  usage: '+TIME|-TIME',
  help: 'go on or back by so much, as in seek +5m or seek -30',
  words: (_, given) => (given.length === 0 ? ['+1m', '+5m', '-1m', '-5m'] : []),
  run(model, [word = '']) {
    const ms = readTime(word.slice(1));
    if (!/^[+-]/.test(word) || ms === null) {
      const what = word === '' ? 'how far?' : `${quoted(word)} is no way to go:`;
      return err(`${what} As in seek +5m, seek -30 or seek +1:30`);
    }
    return jumpedBy(model, word.startsWith('-') ? -ms : ms);
  },
};

/** The commands that lead through time. */
export const TIME_COMMANDS: readonly PromptCommand[] = [GOTO, SEEK];
