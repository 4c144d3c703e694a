import type { DecodedWorker, EventRecord, HarakiriRecord, LastExit } from '../../shared/stats.js';
import { configDetails } from './config-record.js';
import { block, eventAt, plural, type Report, size, type Told } from './event-source.js';
import type { Detail, EventKind, HappenedEvent } from './events.js';
import { ofEach } from './remember.js';
import { sanitizeShort } from './sanitize.js';

/**
 * What a document says of the past by itself, with its times: true of a first one, too.
 * @param known Keys of what was told before: a server repeats its records in every document.
 */
export function factsOf(report: Report, known: ReadonlySet<string>): HappenedEvent[] {
  const { instance } = report;
  const told = [
    ...deathsOf(instance.workers).flat(),
    ...(instance.harakiris ?? []).map(harakiriOf),
    ...reloadOf(report),
    ...upgradeOf(report),
    ...(instance.events ?? []).map((record) => recordOf(report, record)),
  ];
  return told.filter(({ key }) => !known.has(key)).map((one) => eventAt(report, one));
}

/** What the reasons of an exit mean in a sentence, and whether the end was wanted. */
const REASONS: Readonly<Record<string, readonly [text: string, kind: EventKind, bad: boolean]>> = {
  crash: ['crashed', 'death', true],
  boot: ['did not start', 'death', true],
  exception: ['ended by an exception outside of a request', 'death', true],
  harakiri: ['was ended by harakiri', 'death', true],
  stall: ['gave no sign of life and was killed', 'death', true],
  killed: ['was killed by a command', 'death', false],
  drained: ['finished its requests and left, told by a signal', 'death', false],
  stop: ['was stopped', 'exit', false],
  reload: ['left for its replacement', 'exit', false],
  cheap: ['left: fewer workers are wanted', 'exit', false],
};

/** How a process ended: `exit code 1`, `SIGKILL`. */
function endOf({ code, signal }: LastExit): string {
  return signal ?? (code === null ? 'an unknown end' : `exit code ${code}`);
}

function deathOf({ id, last_exit: exit }: DecodedWorker): Told[] {
  if (exit === undefined || exit === null) return [];
  const known = Object.hasOwn(REASONS, exit.reason) ? REASONS[exit.reason] : undefined;
  const reason = sanitizeShort(exit.reason, 40);
  const [what, kind, bad] = known ?? [`was recycled: ${reason}`, 'death', false];
  const details: Detail[] = [
    ['worker', String(id)],
    ['pid', String(exit.pid)],
    ['reason', reason],
    ['exit code', exit.code === null ? '–' : String(exit.code)],
    ['signal', exit.signal ?? '–'],
    ...block('stderr', exit.stderr, 'it wrote nothing'),
  ];
  return [
    {
      key: `death/${id}/${exit.pid}/${exit.at}`,
      time: exit.at,
      worker: id,
      text: `worker ${id} (pid ${exit.pid}) ${what} · ${endOf(exit)}`,
      ...{ kind, details, bad },
    },
  ];
}

const deathsOf = ofEach(deathOf);

function harakiriOf(record: HarakiriRecord): Told {
  const { worker, pid, time, method, uri } = record;
  const age = `${(record.age_ms / 1000).toFixed(1)} s`;
  const request = `${sanitizeShort(method, 16)} ${sanitizeShort(uri, 300)}`;
  const blocked = record.face === 'blocked';
  const end = blocked ? `blocked it for ${age}: killed` : `took ${age}: its client got 504`;
  return {
    key: `harakiri/${worker}/${pid}/${time}/${record.uri}`,
    kind: 'harakiri',
    time,
    worker,
    text: `worker ${worker} (pid ${pid}): ${request} ${end}`,
    details: [
      ['request', request],
      ['age', age],
      ['worker', String(worker)],
      ['pid', String(pid)],
      ['what', blocked ? 'the event loop was blocked: killed' : 'slow: 504, then replaced'],
      ['rss', size(record.rss)],
      ['others in flight', String(record.others_in_flight)],
      ['waiting in it', String(record.queue_depth)],
      ['listen queue', String(record.listen_queue)],
      ...block('stack', record.stack, blocked ? 'none was taken' : 'none: its loop turned'),
    ],
    bad: true,
  };
}

function reloadOf({ instance }: Report): Told[] {
  const { reload, boot_id: boot = '', generation } = instance;
  if (reload === undefined || (reload.state !== 'done' && reload.state !== 'abandoned')) return [];
  if (reload.ended_at <= 0) return [];
  const { state, replaced, total, ended_at: time } = reload;
  const done = state === 'done';
  const reason = sanitizeShort(reload.reason, 300);
  const why = reason === '' ? '' : `: ${reason}`;
  const text = done
    ? `the reload is done${why}: ${replaced} of ${plural(total, 'worker')} replaced`
    : `the reload was abandoned after ${replaced} of ${plural(total, 'worker')}${why}`;
  const details: Detail[] = [
    ['outcome', state],
    ['replaced', `${replaced} of ${total}`],
    ['reason', reason === '' ? '–' : reason],
    ['generation', generation === undefined ? '–' : String(generation)],
  ];
  return [
    { key: `reload/${boot}/${time}/${state}`, kind: 'reload', time, text, details, bad: !done },
  ];
}

function upgradeOf({ instance }: Report): Told[] {
  const { upgrade, boot_id: boot = '', version, pid } = instance;
  if (upgrade === undefined || (upgrade.state !== 'done' && upgrade.state !== 'abandoned'))
    return [];
  const { state, ended_at: time } = upgrade;
  if (time <= 0) return [];
  const done = state === 'done';
  const reason = sanitizeShort(upgrade.reason, 300);
  const text = done
    ? 'the upgrade is done: this master took over'
    : `the upgrade was abandoned: ${reason === '' ? 'no reason is known' : reason}`;
  const details: Detail[] = [
    ['outcome', state],
    ['reason', reason === '' ? '–' : reason],
    ['master', pid === undefined ? '–' : `pid ${pid}`],
    ['version', version ?? '–'],
  ];
  return [
    { key: `upgrade/${boot}/${time}/${state}`, kind: 'upgrade', time, text, details, bad: !done },
  ];
}

/** What the words of a server's own records mean, their kind in the list, and whether it is bad. */
const RECORDS: Readonly<Record<string, readonly [outcome: string, kind: EventKind, bad: boolean]>> =
  {
    'spooler-died': ['it died: its tasks are run again', 'death', true],
    'spooler-harakiri': ['a task took too long: its spooler was killed', 'harakiri', true],
    'spooler-stalled': ['it gave no sign of life and was killed', 'death', true],
    'task-failed': ['it is not run again: R in the tasks of its queue retries it', 'task', true],
    'config-changed': ['it holds for what the reload starts', 'config', false],
    'config-pending': ['it takes an upgrade (SIGUSR2) or a restart', 'config', true],
    'config-refused': ['the one from before holds', 'config', true],
    'log-dropping': ['what has no room is lost', 'master', true],
    'log-dropped': ['it is written again', 'master', false],
    'certificate-renewed': ['clients are shown it', 'tls', false],
    'certificate-refused': ['it could not be used: the one from before stays', 'tls', true],
    'certificate-ends': ['it must be renewed', 'tls', true],
  };

/** Something that the server tells in its own words. */
function recordOf({ instance }: Report, { time, kind: word, subject, text }: EventRecord): Told {
  const known = Object.hasOwn(RECORDS, word) ? RECORDS[word] : undefined;
  const [outcome, kind, bad] = known ?? [sanitizeShort(word, 40), 'master', false];
  return {
    key: `event/${instance.boot_id ?? ''}/${time}/${word}/${subject}/${text}`,
    ...{ kind, time, text, bad },
    details: [
      ['what', outcome],
      ...(word.startsWith('config-')
        ? configDetails(instance, word)
        : [subjectOf(word, sanitizeShort(subject, 200))]),
    ],
  };
}

function subjectOf(word: string, subject: string): Detail {
  return [word.startsWith('certificate-') ? 'address' : 'process', subject];
}
