import type { Program } from '../../shared/command-line.js';
import type { OptionRow } from '../../shared/options.js';
import { VERSION } from '../../shared/version.js';
import { variableOf } from './environment.js';
import { IDLE_FLAGS } from './ini/foreign.js';
import { UWSGI_NAMES } from './ini/uwsgi-names.js';
import { OPTIONS } from './table.js';

/** What the command line, the manual and the completions have in common. */
export const PROGRAM: Program = {
  name: 'tsuwsgi',
  version: VERSION,
  description:
    "uWSGI's process model for Node.js: a master that binds the sockets, workers that serve.",
  usage: '[options] [file.ini|file.yaml|file.json|file.toml|-]',
  table: OPTIONS,
  idle: IDLE_FLAGS,
  factsOf: (row) => [
    ['variable', variableOf(row.name)],
    ['uWSGI', inUwsgi(row)],
  ],
  epilogue: `Signals: TERM stops after the requests in flight (uWSGI 2.0 would reload), INT stops now,
HUP replaces all workers, new ones first; USR2 replaces the master too, on the same sockets. TSTP pauses accepting and, like CONT, resumes it; TTIN and
TTOU add and take away a worker; USR1 logs the totals of every worker.

  tsuwsgi --http-socket :8000 --module app.js -p 4 --stats :9191
  tsuwsgitop localhost:9191`,
};

/** What a user of uWSGI is to know of an option. */
export function inUwsgi({ name, aliases = [], differs }: OptionRow): string {
  const known = [name, ...aliases].find((each) => each.length > 1 && UWSGI_NAMES.has(each));
  if (known === undefined) return 'has no such option';
  const called = known === name ? 'has it' : `calls it ${known}`;
  return differs === undefined ? called : `${called}. ${differs}`;
}
