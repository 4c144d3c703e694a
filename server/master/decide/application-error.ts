/** What stands in front of an error of the application in the log of a worker. */
const HEADING = /^(?:cannot load |the application did not become ready:|.* outside a request:$)/;

/** `TypeError: x`, `Error [ERR_X]: y`, as the first line of a stack. */
const ERROR = /^[\w$.]*(?:Error|Exception)(?: \[\w+\])?: \S/;

const LONGEST = 300;

/**
 * The application's own error out of the last lines that its process wrote to stderr, for whoever
 * asks why it does not start: `: Error: no database`; empty when there is none to be seen.
 */
export function applicationError(stderr: readonly string[]): string {
  const at = stderr.findLastIndex((line) => HEADING.test(line));
  const heading = stderr[at] ?? '';
  const said = stderr.slice(at + 1).filter((line) => /^\S/.test(line) && !line.startsWith('***'));
  const complete = heading.startsWith('cannot load ') && !heading.endsWith(' below');
  const first = at < 0 || complete ? undefined : said[0];
  const error = complete ? heading : (said.find((line) => ERROR.test(line)) ?? first);
  return error === undefined ? '' : `: ${error.slice(0, LONGEST)}`;
}
