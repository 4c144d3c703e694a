/** Why an order to a running instance ends, as the shell sees it; those of a status are LSB's 0 and 3. */
export const INSTANCE_EXIT_CODES = [
  { name: 'done', code: 0, when: 'it was done; --status: it serves' },
  {
    name: 'failed',
    code: 1,
    when: 'it failed or was refused; --status: it runs and does not serve',
  },
  { name: 'usage', code: 2, when: 'the command line is wrong; nothing was done' },
  { name: 'absent', code: 3, when: 'there is no such instance: it does not run' },
  {
    name: 'unknown',
    code: 4,
    when: 'it is not known: --timeout ran out, or the pid file is no such file',
  },
  {
    name: 'refused',
    code: 5,
    when: '--reload: the workers are new, with the configuration from before: the one that was read was refused',
  },
] as const;

export type InstanceExit = (typeof INSTANCE_EXIT_CODES)[number]['name'];

/** The code of an end. */
export function exitCodeOf(name: InstanceExit): number {
  return INSTANCE_EXIT_CODES.find((row) => row.name === name)?.code ?? 1;
}
