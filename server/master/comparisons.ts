import type { ChildProcess } from 'node:child_process';
import { isFields, textUpTo } from '../../shared/fields.js';
import { err, ok, type Result } from '../../shared/result.js';
import type { ComparisonRequest } from '../compare/request.js';
import type { CommandOutcome, CommandResult } from '../control/requester.js';
import type { Options } from '../options/table.js';
import { type SnapshotDirectory, snapshotDirectoryOf } from './snapshot-directory.js';
import { spawnNode, spawnProblem } from './spawn-process.js';

/** Whose snapshots are compared, and which; see `ComparisonRequest`. */
export type Compared = Pick<ComparisonRequest, 'worker' | 'pid' | 'names'>;

/** What comparing needs from outside. */
export interface ComparisonParts {
  /** Null without `--snapshot-dir`. */
  readonly directory: SnapshotDirectory | null;
  /** The path of the program that compares. */
  readonly entry: string;
  /** Who workers run as, when they are somebody else than the master. */
  readonly owner: { readonly uid: number; readonly gid: number } | null;
  /** How long it may take. */
  readonly limitMs?: number;
}

/** Where the snapshots of a master are, and who compares them. */
export function comparisonParts(
  options: Options,
  surroundings: {
    readonly comparisonEntry: string;
    readonly children: ComparisonParts['owner'];
    readonly owner: { readonly uid: number; readonly gid: number };
  },
): ComparisonParts {
  const { comparisonEntry: entry, children, owner } = surroundings;
  return { directory: snapshotDirectoryOf(options, { owner, children }), entry, owner: children };
}

/** Compares two snapshots; one comparison at a time. */
export type Compare = (wanted: Compared) => CommandResult;

/** For two files of a gigabyte; less than a dashboard waits for an outcome. */
const LIMIT_MS = 120_000;
/** Megabytes of JavaScript: classes are counted, not objects. */
const HEAP_MB = 96;
/** Characters of an answer: more is none of ours. */
const MOST_ANSWER = 32_768;
const MOST_TEXT = 8000;

/**
 * Has a process of its own compare: the master neither reads what workers have written nor waits
 * for it, and takes the answer for text of unknown origin.
 */
export function createComparisons(parts: ComparisonParts): Compare {
  let isBusy = false;
  return (wanted) => {
    const { worker, pid } = wanted;
    const who = `worker ${worker} (pid ${pid})`;
    if (parts.directory === null) {
      return refused('not-configured', 'snapshots need --snapshot-dir DIR, where they are written');
    }
    if (isBusy) return refused('busy', 'two snapshots are being compared already: wait for them');
    const folder = parts.directory.folder();
    if (!folder.ok) return refused('failed', folder.error);
    const { room } = parts.directory;
    isBusy = true;
    const outcome = answerOf({ ...wanted, folder: folder.value, room }, parts).then(
      (answer): CommandOutcome => {
        isBusy = false;
        return {
          ok: answer.ok,
          code: answer.ok ? 'done' : 'failed',
          message: `${who}: ${answer.ok ? answer.value : answer.error}`,
        };
      },
    );
    return {
      accepted: true,
      code: 'accepted',
      message: `comparing two snapshots of ${who}`,
      outcome,
    };
  };
}

function refused(code: CommandResult['code'], message: string): CommandResult {
  return { accepted: false, code, message };
}

function answerOf(
  request: ComparisonRequest,
  { entry, owner, limitMs = LIMIT_MS }: ComparisonParts,
): Promise<Result<string, string>> {
  const args = [`--max-old-space-size=${HEAP_MB}`, entry, JSON.stringify(request)];
  const started = spawnNode(args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    // Nothing of the application's: neither its secrets nor its NODE_OPTIONS.
    env: {},
    detached: true,
    ...owner,
  });
  if (!started.ok) return Promise.resolve(err(`it cannot be begun: ${started.error}`));
  return collected(started.value, limitMs);
}

/** What the process wrote until it ended; it is killed when that is too much, or takes too long. */
function collected(child: ChildProcess, limitMs: number): Promise<Result<string, string>> {
  return new Promise((resolve) => {
    let text = '';
    let problem: string | null = null;
    const kill = (why: string): void => {
      problem ??= why;
      child.kill('SIGKILL');
    };
    const onExit = (): void => void child.kill('SIGKILL');
    process.once('exit', onExit);
    const limit = setTimeout(() => {
      kill(`it took longer than ${limitMs / 1000} s: compare the files elsewhere`);
    }, limitMs);
    const end = (result: Result<string, string>): void => {
      clearTimeout(limit);
      process.off('exit', onExit);
      resolve(result);
    };
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.length > MOST_ANSWER) kill('the answer was too long');
    });
    child.once('error', (error) => {
      end(err(`it cannot be begun: ${spawnProblem(error)}`));
    });
    child.once('close', () => {
      end(problem === null ? readAnswer(text) : err(problem));
    });
  });
}

/** Reads what the process said, which is as trustworthy as the workers. */
function readAnswer(text: string): Result<string, string> {
  try {
    const answer: unknown = JSON.parse(text);
    if (isFields(answer)) {
      const value = textUpTo(answer['value'], MOST_TEXT);
      const error = textUpTo(answer['error'], MOST_TEXT);
      if (answer['ok'] === true && value !== undefined) return ok(value);
      if (answer['ok'] === false && error !== undefined) return err(error);
    }
    return err('the answer of the process that compares has no sense');
  } catch {
    return err('the process that compares ended without an answer: it may be out of memory');
  }
}
