import type { OptionRow } from '../../../shared/options.js';

/** What is served on. */
export const SOCKET_OPTIONS = [
  {
    name: 'http-socket',
    type: 'list',
    value: 'ADDR',
    topic: 'Sockets',
    help: 'serve HTTP on this address, workers accept themselves: host:port, :port or a path',
  },
  {
    name: 'listen',
    aliases: ['l'],
    type: 'integer',
    value: 'N',
    default: 100,
    min: 1,
    max: 65_535,
    topic: 'Sockets',
    help: 'connections that the kernel holds until a worker accepts them',
  },
] as const satisfies readonly OptionRow[];
