import type { OptionRow } from '../../../shared/options.js';

/** What is served on. */
export const SOCKET_OPTIONS = [
  {
    name: 'http-socket',
    type: 'list',
    value: 'ADDR',
    topic: 'Sockets',
    fixed: true,
    help: 'serve HTTP on this address, workers accept themselves: host:port, :port, a path, or fd://NAME, a socket that systemd passes',
    differs: 'A connection serves many requests; uWSGI closes it after the first.',
  },
  {
    name: 'socket',
    aliases: ['s', 'uwsgi-socket'],
    type: 'list',
    value: 'ADDR',
    topic: 'Sockets',
    fixed: true,
    help: 'serve the uwsgi protocol on this address, for a web server in front such as nginx (uwsgi_pass): 127.0.0.1:3031 or a path; repeatable',
  },
  {
    name: 'buffer-size',
    aliases: ['b'],
    type: 'integer',
    value: 'BYTES',
    default: 4096,
    min: 256,
    max: 65_535,
    topic: 'Sockets',
    help: 'the most that the variables of a request on a --socket may take: its line and headers; more is answered 431',
    differs:
      'It is about --socket only, and more is answered 431; uWSGI closes the connection, on all sockets.',
  },
  {
    name: 'max-vars',
    type: 'integer',
    value: 'N',
    default: 64,
    min: 16,
    max: 16_384,
    topic: 'Sockets',
    help: 'how many variables a request on a --socket may have, each header is one; more is answered 431',
    differs:
      'It is about --socket only, and more are answered 431; uWSGI counts on all sockets, and leaves out what is too many.',
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
    fixed: true,
    help: 'connections that the kernel holds until a worker accepts them',
    differs: 'More than the kernel grants is warned of; uWSGI does not start.',
  },
] as const satisfies readonly OptionRow[];
