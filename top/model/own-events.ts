import { isForWorker } from '../../shared/commands.js';
import { duration } from '../../shared/units.js';
import { commandText } from './command-text.js';
import { eventAt, type Moment, type Told } from './event-source.js';
import type { HappenedEvent } from './events.js';
import type { Model } from './model.js';
import type { CommandState, SentCommand } from './overlay.js';
import { type ServerWays, waysOf } from './server-ways.js';

/**
 * What the dashboard itself knows: how its connection fared, and what was done from it.
 * @param moment Both clocks now.
 */
export function ownEvents(after: Model, before: Model, moment: Moment): HappenedEvent[] {
  return [...connectionEvents(after, before, moment), ...commandEvents(after, before)].map((told) =>
    eventAt(moment, told),
  );
}

function isTrouble({ state }: Model['connection']): boolean {
  return state === 'problem' || state === 'disconnected';
}

function connectionEvents(after: Model, before: Model, { at }: Moment): Told[] {
  const { connection } = after;
  if (connection.state === 'disconnected' || connection.state === 'problem') {
    if (isTrouble(before.connection)) return [];
    const what = connection.state === 'problem' ? 'no data' : 'connection lost';
    const text = before.shown === null ? `not connected: ${connection.message}` : '';
    return [
      {
        key: `lost/${at}/${after.events.events.length}`,
        kind: 'lost',
        text: text || `${what}: ${connection.message}`,
        details: [
          ['address', after.address],
          ['message', connection.message],
        ],
        bad: true,
      },
    ];
  }
  if (connection.state !== 'open' || !isTrouble(before.connection)) return [];
  const lost = after.events.events.findLast(({ kind }) => kind === 'lost');
  const away = lost === undefined ? '' : ` after ${duration((at - lost.at) / 1000)}`;
  return [
    {
      key: `back/${at}/${after.events.events.length}`,
      kind: 'back',
      text: `connected again${away}`,
      details: [['address', after.address]],
    },
  ];
}

/** What is said of each state; an acceptance alone is no event. */
const STATES: Readonly<Record<CommandState, string | null>> = {
  sent: 'sent from here',
  accepted: null,
  done: 'done',
  failed: 'failed',
  'timed-out': 'no outcome',
  lost: 'outcome unknown',
};

function commandEvents(after: Model, before: Model): Told[] {
  if (after.commands === before.commands) return [];
  const known = new Map(before.commands.map((sent) => [sent.id, sent.state]));
  return after.commands
    .filter(({ id, state }) => known.get(id) !== state)
    .flatMap((sent) => commandEvent(sent, waysOf(after)));
}

function commandEvent(sent: SentCommand, ways: ServerWays): Told[] {
  const { id, command, state, message } = sent;
  const said = STATES[state];
  if (said === null) return [];
  return [
    {
      key: `action/${id}/${state}`,
      kind: 'action',
      text: `${commandText(command, ways)}: ${said}${message === '' ? '' : `, ${message}`}`,
      details: [
        ['action', commandText(command, ways)],
        ['state', state],
        ['server', message === '' ? '–' : message],
      ],
      bad: state !== 'sent' && state !== 'done',
      ...(isForWorker(command) ? { worker: command.worker } : {}),
    },
  ];
}
