import { likelyWord } from '../../shared/likely.js';
import type { OptionRow, Setting } from '../../shared/options.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** What variables come down to. */
export interface FromEnvironment {
  readonly settings: readonly Setting[];
  readonly problems: readonly Problem[];
}

const VARIABLE_PREFIX = 'TSUWSGI_';

/**
 * Variables that are no options: what the master tells its children, who may start a tsuwsgi of
 * their own, and the password of a Redis.
 */
export const OWN_VARIABLES: ReadonlySet<string> = new Set([
  'TSUWSGI_UPGRADE',
  'TSUWSGI_DAEMON',
  'TSUWSGI_WORKER',
  'TSUWSGI_WORKER_ID',
  'TSUWSGI_ROUTER',
  'TSUWSGI_SPOOLERS',
  'TSUWSGI_REDIS_PASSWORD',
  'TSUWSGI_REDIS_PASSWORD_FILE',
]);

/** What Kubernetes tells each container of a namespace in which a service is called tsuwsgi. */
const OF_KUBERNETES =
  /^TSUWSGI_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** The variable of an option's name: `http-socket` is TSUWSGI_HTTP_SOCKET. */
export function variableOf(name: string): string {
  return VARIABLE_PREFIX + name.toUpperCase().replaceAll('-', '_');
}

/**
 * The options that variables set, in the order of the table. An empty variable sets nothing; a list
 * has one value a line. A name that is nobody's is a problem, as on the command line.
 */
export function readEnvironment(table: readonly OptionRow[], env: Environment): FromEnvironment {
  const settings: Setting[] = [];
  const problems: Problem[] = [];
  const known = new Set<string>();
  for (const row of table) {
    const names = longNames(row).map(variableOf);
    for (const name of names) known.add(name);
    const given = names.filter((name) => !OWN_VARIABLES.has(name) && (env[name] ?? '') !== '');
    const [first, second] = given;
    if (first === undefined) continue;
    if (second !== undefined) {
      problems.push(TOGETHER_PROBLEMS.variableTwice(first, second));
    }
    settings.push(...settingsOf(row, first, env[first] ?? ''));
  }
  for (const name of Object.keys(env)) {
    const strange = name.startsWith(VARIABLE_PREFIX) && !known.has(name);
    if (!strange || OWN_VARIABLES.has(name) || OF_KUBERNETES.test(name)) continue;
    problems.push(TOGETHER_PROBLEMS.variableUnknown(name, meant([...known], name)));
  }
  return { settings, problems };
}

/** All names begin alike, which says nothing. */
function meant(known: readonly string[], name: string): string {
  const rest = (each: string): string => each.slice(VARIABLE_PREFIX.length);
  const likely = likelyWord(known.map(rest), rest(name));
  return likely === null ? '' : `; did you mean ${VARIABLE_PREFIX}${likely}?`;
}

function longNames({ name, aliases = [] }: OptionRow): string[] {
  return [name, ...aliases].filter((each) => each.length > 1);
}

function settingsOf(row: OptionRow, variable: string, text: string): Setting[] {
  const values = row.type === 'list' ? text.split(/\r?\n/).filter((line) => line !== '') : [text];
  return values.map((value) => ({ name: row.name, value, origin: variable }));
}
