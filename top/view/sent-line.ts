import { isForQueue, isForWorker } from '../../shared/commands.js';
import { commandText } from '../model/command-text.js';
import type { Model } from '../model/model.js';
import type { SentCommand } from '../model/overlay.js';
import { waysOf } from '../model/server-ways.js';
import type { Line } from './frame.js';
import { glyphsFor } from './glyphs.js';
import { span } from './text.js';

/** What became of a command so far. */
export function sentLine(model: Model, sent: SentCommand): Line {
  const { state, separator } = glyphsFor(model.ascii);
  const { canary } = model;
  const step = canary?.id === sent.id ? `canary ${canary.replaced}/${canary.total}, ` : '';
  const what = step + commandText(sent.command, waysOf(model));
  const waited = `${Math.max(0, Math.floor((model.now - sent.sentAt) / 1000))} s`;
  const said = sent.message === '' ? '' : `: ${withoutSubject(sent)}`;
  switch (sent.state) {
    case 'sent':
      return [span(`${state.start} ${what}: sent ${waited} ago`, 'notice')];
    case 'accepted':
      return [span(`${state.start} ${what}${said} ${separator} ${waited}`, 'notice')];
    case 'done':
      return [span(`${state.busy} ${what}${said}`, 'work')];
    case 'failed':
      return [span(`${state.dead} ${what} failed${said}`, 'alarm')];
    case 'timed-out':
    case 'lost':
      return [span(`${state.stuck} ${what}${said}`, 'attention')];
  }
}

/** How the server begins what it says of a command. */
function subjectOf(command: SentCommand['command']): string {
  if (isForWorker(command)) return `worker ${command.worker} (pid ${command.pid}): `;
  return isForQueue(command) && 'task' in command ? `task ${command.task} ` : '';
}

/** Who it is about has been said. */
function withoutSubject({ command, message }: SentCommand): string {
  const subject = subjectOf(command);
  return message.startsWith(subject) ? message.slice(subject.length) : message;
}
