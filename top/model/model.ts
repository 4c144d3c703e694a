import type { ThemeName } from './appearance.js';
import type { ControlState } from './client-event.js';
import type { Connection } from './connection.js';
import type { Mark } from './difference.js';
import type { EventLog } from './events.js';
import type { EventList, OtherList, RequestList, TableState, WorkerDetail } from './list-states.js';
import type { Canary, Overlay, SentCommand } from './overlay.js';
import type { PutOff } from './put-off.js';
import type { QueueDetail } from './queue-view-state.js';
import type { Screen, View } from './screens.js';
import type { History } from './series.js';
import type { Shown } from './shown.js';
import type { TimeRing } from './time-ring.js';

/** The line in which a command is typed. */
export interface Prompt {
  readonly text: string;
  /** Characters behind the cursor; absent at the end. */
  readonly after?: number;
  /** How many commands back in what was run before; 0 for the line of one's own. */
  readonly back: number;
  /** That line, while an earlier one is shown. */
  readonly draft: string;
  /** Why it could not be run, until the next key; null when nothing is wrong. */
  readonly problem: string | null;
}

/** A word to the person, such as why a key did nothing. */
export interface Hint {
  readonly text: string;
  readonly at: number;
}

/** The screen stands still: it shows an earlier moment, while the present goes on behind it. */
export interface Past {
  /** Whether it was stopped where it was, and has not been moved since. */
  readonly isPause: boolean;
  /** Milliseconds to the moment before it in memory; null when that is not known. */
  readonly apart: number | null;
  /** What would be shown now. */
  readonly live: Pick<Model, 'shown' | 'history' | 'events'>;
}

/** Everything the dashboard knows. Times without a unit are monotonic milliseconds. */
export interface Model {
  readonly address: string;
  readonly ascii: boolean;
  readonly theme: ThemeName;
  /** Whether clicks and the wheel are asked for. */
  readonly mouse: boolean;
  /** Whether the terminal shows colours, and more than ASCII. */
  readonly colours: boolean;
  readonly unicode: boolean;
  /** The view that is shown first. */
  readonly startView: View;
  readonly width: number;
  readonly height: number;
  readonly now: number;
  /** Milliseconds since 1970; null before the first tick. */
  readonly wallMs: number | null;
  readonly connection: Connection;
  readonly shown: Shown | null;
  readonly history: History;
  readonly screen: Screen;
  readonly table: TableState;
  readonly events: EventLog;
  /** What can be gone back to; the newest document is taken in after its picture is out. */
  readonly ring: PutOff<TimeRing>;
  /** How many times as fast as real time a recording is shown, 0 for at once; null with a server. */
  readonly speed: number | null;
  /** How long the recording is; null where that is not known, and with a server. */
  readonly recordingMs: number | null;
  /** Null: what is shown is what is. */
  readonly past: Past | null;
  /** The moment that was marked first, while no second one is. */
  readonly mark: Mark | null;
  readonly eventList: EventList;
  readonly others: OtherList;
  /** Null until a worker is opened. */
  readonly detail: WorkerDetail | null;
  /** Null until a queue is opened. */
  readonly queue: QueueDetail | null;
  readonly requestList: RequestList;
  readonly control: ControlState;
  readonly overlay: Overlay;
  /** The reload that begins with one worker; null while there is none. */
  readonly canary: Canary | null;
  /** Null while no command is typed. */
  readonly prompt: Prompt | null;
  /** What was typed there before, the newest last. */
  readonly promptLog: readonly string[];
  /** Newest last. */
  readonly commands: readonly SentCommand[];
  readonly nextCommandId: number;
  readonly hint: Hint | null;
  readonly intervalMs: number;
  /** The interval that `f` returns to; null while not in fast mode. */
  readonly intervalBeforeFast: number | null;
}
