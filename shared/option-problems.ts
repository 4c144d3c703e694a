import { type Part, problemTable } from './problem.js';

/** What can be wrong with the words of a command line and the value of any option. */
export const VALUE_PROBLEMS = problemTable({
  unknownOption: (name: Part, hint: Part) => [
    `there is no option "${name}"${hint}`,
    '; --help lists all there are',
  ],
  unknownFlag: (name: Part, hint: Part) => [
    `unknown option '${name}'${hint}`,
    '; --help lists all there are',
  ],
  valueMissingBehind: (name: Part) => [
    `option '${name}' argument missing`,
    ': write its value behind it, --help says what it may be',
  ],
  unknownHelp: (word: Part, hint: Part, topics: Part) => [
    `--help: there is no option and no topic "${word}"${hint}`,
    `; write an option, or one of the topics ${topics}`,
  ],
  notAChoice: (value: Part, what: Part, choices: Part, hint: Part) => [
    `"${value}" is no ${what}`,
    `, write one of ${choices}${hint}`,
  ],
  valueMissing: (kind: Part) => ['a value is missing', `: write ${kind} behind the option`],
  neitherTrueNorFalse: (value: Part) => [
    `"${value}" is neither true nor false`,
    ': write true or false, or the option alone',
  ],
  outOfBounds: (value: Part, kind: Part, bounds: Part) => [
    `${value} is out of bounds`,
    `, give ${kind}, ${bounds}`,
  ],
  noQuantity: (what: Part, examples: Part) => [`is not ${what}`, `: write ${examples}`],
  noNumber: (what: Part, example: Part) => [
    `is not ${what}`,
    `: write digits alone, such as ${example}`,
  ],
  addressEmpty: () => ['the address is empty', ': write host:port, :port, /path.sock or @name'],
  addressNameless: (value: Part) => [`"${value}" names no abstract socket`, ': write @name'],
  addressNoV6: (value: Part, host: Part) => [
    `"${value}": "${host}" is not an IPv6 address`,
    ': write one such as [::1]:9191',
  ],
  addressBareV6: (value: Part) => [
    `"${value}"`,
    ': write an IPv6 address in brackets, such as [::1]:9191',
  ],
  addressNoHost: (value: Part, host: Part) => [
    `"${value}": "${host}" is no host name`,
    ': write letters, digits, ".", "-" and "_", or an address',
  ],
  addressNoPort: (value: Part, port: Part) => [
    `"${value}": "${port}" is not a port (0 to 65535)`,
    ': write a number of these',
  ],
  addressNothing: (value: Part) => [
    `"${value}" is neither host:port, :port, a path with "/" nor @name`,
    ': write one of these',
  ],
  addressTooLong: (bytes: Part, limit: Part, value: Part) => [
    `the socket path is ${bytes} bytes long, the limit is ${limit}`,
    `: choose a shorter one than ${value}`,
  ],
});
