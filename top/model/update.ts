import { assertNever } from '../../shared/result.js';
import { advanced } from './canary.js';
import type { ClientEvent, DecodedDocument } from './client-event.js';
import { nextConnection } from './connection.js';
import { answered, expired, lost, progressed, type Step } from './control-flow.js';
import { pressed } from './keys.js';
import { arranged } from './lists.js';
import type { Message } from './message.js';
import { usableSize } from './initial.js';
import { type Model } from './model.js';
import { sanitizeShort } from './sanitize.js';
import { behind, presentOf } from './past.js';
import { clicked, wheeled } from './pointer.js';
import { refreshed, tasksAnswered, tasksExpired, tasksLost } from './queue-state.js';
import { promptPaste } from './prompt.js';
import { putOff } from './put-off.js';
import type { Screen } from './screens.js';
import { EMPTY_HISTORY, newestPoint, withDocument, withGap } from './series.js';
import { stackAnswered, stackExpired, stackLost } from './stack.js';
import { withLivingTags } from './tags.js';
import { recorded } from './recorder.js';
import { paste } from './text-field.js';
import { kept } from './time-ring.js';

/** The next state after a message, and what is to be done about it. Pure. */
export function update(model: Model, message: Message): Step {
  if (message.type === 'client') {
    const present = presentOf(model);
    const [next, effects] = refreshed(advanced(step(present, message)));
    return [behind(model, recorded(next, present)), effects];
  }
  const [next, effects] = refreshed(advanced(step(model, message)));
  const present = presentOf(next);
  const told = recorded(present, presentOf(model));
  return [told === present ? next : behind(next, told), effects];
}

function step(model: Model, message: Message): Step {
  switch (message.type) {
    case 'client':
      return onClient(at(model, message.event.at), message.event);
    case 'key':
      return pressed(at(model, message.at), message.key);
    case 'told': {
      const next = at(model, message.at);
      return [{ ...next, hint: { text: sanitizeShort(message.text, 300), at: next.now } }, []];
    }
    case 'click':
      return clicked(at(model, message.at), message.target);
    case 'wheel':
      return wheeled(at(model, message.at), message.step);
    case 'paste':
      return [
        (model.prompt === null ? paste : promptPaste)(at(model, message.at), message.text),
        [],
      ];
    case 'resize':
      return [arranged({ ...model, ...usableSize(message) }), []];
    case 'tick':
      return [overdue(expired({ ...at(model, message.at), wallMs: message.wallMs })), []];
    default:
      return assertNever(message);
  }
}

/** Time never runs backwards here, in whatever order messages arrive. */
function at(model: Model, now: number): Model {
  return now > model.now ? { ...model, now } : model;
}

function onClient(before: Model, event: ClientEvent): Step {
  const model = { ...before, connection: nextConnection(before.connection, event) };
  switch (event.type) {
    case 'connecting':
      return [model, []];
    case 'document':
      return [onDocument(model, event), []];
    case 'problem':
      return [{ ...model, history: withGap(model.history, event.at) }, []];
    case 'disconnected':
      return [unanswered(lost({ ...model, history: withGap(model.history, event.at) })), []];
    case 'control': {
      const { control } = event;
      const safe = control.available
        ? control
        : { available: false as const, reason: sanitizeShort(control.reason, 300) };
      return [{ ...model, control: safe }, []];
    }
    case 'reply':
    case 'outcome': {
      const asked = stackAnswered(model, event) ?? told(model, event);
      return asked === null ? answered(model, event) : [asked, []];
    }
    case 'progress':
      return [progressed(model, event), []];
    default:
      return assertNever(event);
  }
}

/** What was asked for and is overdue. */
function overdue(model: Model): Model {
  return tasksExpired(stackExpired(model));
}

/** What was asked for and will not come any more. */
function unanswered(model: Model): Model {
  return tasksLost(stackLost(model));
}

function told(model: Model, event: Parameters<typeof tasksAnswered>[1]): Model | null {
  const answered = tasksAnswered(model, event);
  return answered === null ? null : arranged(answered);
}

function onDocument(model: Model, event: Extract<ClientEvent, { type: 'document' }>): Model {
  const { document, transport } = event;
  const history =
    document.kind === 'instance'
      ? withDocument(model.history, event.at, document.instance)
      : EMPTY_HISTORY;
  const shown = { document, transport, at: event.at };
  const before = model.ring.value();
  const ring = putOff(() => kept(before, shown, newestPoint(history)));
  const screen = firstScreen(model, document);
  return arranged(withLivingTags({ ...model, history, shown, ring, screen }));
}

/** Where a router shows what it has: the overview, in which a program begins, would be empty. */
function firstScreen({ shown, screen }: Model, { kind }: DecodedDocument): Screen {
  return shown === null && kind === 'router' && screen === 'overview' ? 'others' : screen;
}
