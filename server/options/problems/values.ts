import { type Part, problemTable } from '../../../shared/problem.js';

/** What can be wrong with the value of one option, of those that have a syntax of their own. */
export const SYNTAX_PROBLEMS = problemTable({
  noRoute: (text: Part) => [`"${text}" is not REGEXP=SECONDS`, ': write one such as ^/export=120'],
  routeSeconds: (text: Part, number: Part) => [
    `"${text}": "${number}" is not a number of seconds`,
    ': write 30, 30s or 5m, or 0 for no limit',
  ],
  noExpression: (text: Part, reason: Part) => [
    `"${text}": ${reason}`,
    '; write a regular expression of JavaScript, with \\ before a sign that means itself',
  ],
  stallTooShort: (value: Part, least: Part) => [
    `${value} is too short`,
    `, give ${least} seconds or more, or 0 for none`,
  ],
  backendAddress: (reason: string, forms: Part) => [reason, `; as a back end ${forms}`],
  backendAbstract: (text: Part, forms: Part) => [
    `"${text}": abstract sockets are not asked`,
    `, ${forms}`,
  ],
  backendPath: (text: Part, forms: Part) => [
    `"${text}": a back end has no path of its own`,
    `, ${forms}`,
  ],
  backendTls: (text: Part) => [
    `"${text}": TLS to back ends is not spoken here`,
    ', use http:// to one that is near',
  ],
  backendScheme: (text: Part, scheme: Part, forms: Part) => [
    `"${text}": no back end speaks ${scheme} here`,
    `, ${forms}`,
  ],
  backendPort: (text: Part) => [
    `"${text}": no back end is at port 0`,
    ', name the one that it listens on',
  ],
  httpsParts: (text: Part) => [
    `"${text}" has more than four parts: uWSGI's list of ciphers is not taken here`,
    ', write ADDR,CERT,KEY,CLIENT-CA',
  ],
  httpsMissing: (text: Part) => [`"${text}"`, ': write ADDR,CERT,KEY or ADDR,CERT,KEY,CLIENT-CA'],
  httpsMark: (text: Part) => [
    `"${text}": a certificate is always asked of clients where there is a CLIENT-CA`,
    ', leave out the !',
  ],
  redirectPort: (text: Part) => [`"${text}" is no port`, ': write one from 1 to 65535, or none'],
  budgetUnread: (text: Part) => [
    `"${text}" is neither a number of MB nor a share of the memory`,
    ': write one such as 2048 or 60%',
  ],
  budgetTooMuch: (text: Part) => [
    `"${text}" is more than all the memory there is`,
    ': write 100% or less',
  ],
  nodeOptionBlank: (text: Part) => [
    `"${text}"`,
    ': write the value behind an =, and another option behind another --node-option',
  ],
  nodeOptionElsewhere: (text: Part, remedy: Part) => [
    `"${text}" is not for workers`,
    `: ${remedy}`,
  ],
  nodeOptionUnknown: (text: Part, version: Part) => [
    `"${text}" is no option that NODE_OPTIONS of Node ${version} may hold`,
    ': see the list at "NODE_OPTIONS" of man node',
  ],
  queueNameless: (text: Part) => [`"${text}" names no folder`, ': write --spooler DIR'],
  queueScheme: (scheme: Part) => [
    `no queue is reached by ${scheme}://`,
    ': name a folder, or redis://host:port/db#queue',
  ],
  redisNoUrl: (form: Part) => [`it is not a URL`, `: ${form}`],
  redisPassword: () => [
    'a password in it is shown to all who list processes',
    ': leave it out, and give --spooler-redis-password-file FILE (tsuwsgi spool: --password-file FILE)',
  ],
  redisNoHost: (form: Part) => [`it names no host`, `: ${form}`],
  redisQuery: (form: Part) => [`it has "?", which says nothing here`, `: ${form}`],
  redisPort: (form: Part) => [`no Redis listens on port 0`, `: ${form}`],
  redisDatabase: (database: Part, form: Part) => [
    `its database "${database}" is no number`,
    `: ${form}`,
  ],
  redisQueue: (queue: Part, form: Part) => [
    `its queue "${queue}" has other characters than letters, digits, "_", "-" and ".", or more than 64`,
    `: ${form}`,
  ],
  redisUser: (form: Part) => [`its user is not well encoded`, `: ${form}`],
  mapUnread: (text: Part) => [
    `"${text}" is not /MOUNT=DIR`,
    ': write one such as /static=/srv/app/static',
  ],
  mapSlash: (text: Part, mount: Part, folder: Part) => [
    `"${text}": the mount point "${mount}" must begin with a slash`,
    `: write /${mount}=${folder}`,
  ],
  mapDot: (text: Part, mount: Part) => [
    `"${text}": no path below "${mount}" is ever served, since a name begins with a dot`,
    ': choose another mount point',
  ],
  noExpiry: (text: Part) => [`"${text}" is not REGEXP=SECONDS`, ': write one such as \\.css$=3600'],
  expirySeconds: (text: Part, number: Part) => [
    `"${text}": "${number}" is not a whole number of seconds`,
    ': write digits alone, such as 3600',
  ],
  indexName: (text: Part) => [
    `"${text}" is not the name of a file`,
    ': write one such as index.html',
  ],
  pusherUnknown: (text: Part, kind: Part, forms: Part) => [
    `"${text}": there is no pusher "${kind}"`,
    `, give ${forms}`,
  ],
  pushUnread: (text: Part, form: Part) => [`"${text}" is not understood`, `: give ${form}`],
  pushNoHost: (text: Part, form: Part) => [
    `"${text}" names no UDP host and port`,
    `: give ${form}`,
  ],
  pushPrefix: (text: Part, prefix: Part) => [
    `"${text}": "${prefix}" is no prefix`,
    ', give 1 to 100 letters, digits, "_", "-" or "."',
  ],
  pushPair: (text: Part, pair: Part, form: Part) => [
    `"${text}": "${pair}" is not understood`,
    `, give ${form}`,
  ],
  pushNoFile: (text: Part, form: Part) => [`"${text}" names no file`, `: give ${form}`],
  pushSeconds: (text: Part, seconds: Part, least: Part, most: Part) => [
    `"${text}": freq is "${seconds}"`,
    `, give seconds from ${least} to ${most}`,
  ],
  tlsUnread: (text: Part) => [
    `"${text}"`,
    ': write ADDR,CERT,KEY or ADDR,CERT,KEY,CLIENT-CA for --stats-tls',
  ],
  tlsUnix: (address: Part) => [
    `${address}: a unix socket needs no TLS`,
    `, write it as --stats ${address}`,
  ],
  noNetwork: (text: Part, names: Part) => [
    `"${text}" is no network`,
    `, write an address, one with its bits such as 10.0.0.0/8, or one of ${names}`,
  ],
  noVariable: (text: Part) => [`"${text}" is no variable`, ': write NAME=VALUE'],
  variableZero: (name: Part) => [
    `the value of ${name} holds a zero byte, which no variable can`,
    ': leave it out',
  ],
  variableOwn: (name: Part) => [`${name} is set by tsuwsgi itself`, ': give it another name'],
  inspectPort: (text: Part, most: Part) => [
    `"${text}" is no port`,
    `: write --inspect=PORT, 1024 to ${most}, or HOST:PORT`,
  ],
  inspectHost: (text: Part, host: Part, usual: Part) => [
    `"${text}": ${host} is no IP address`,
    `: write one, or the port alone for ${usual}`,
  ],
  logControl: (text: Part) => [
    `${text} has a control character, which would break the lines of the log`,
    ': leave it out',
  ],
  formatOpen: (rest: Part) => [`"${rest}" has no closing parenthesis`, ': write %(NAME)'],
  formatUnknown: (name: Part, hint: Part, names: Part) => [
    `%(${name}) is no variable${hint}`,
    `; write one of ${names}, or var.NAME for a CGI variable`,
  ],
  prefixUnknown: (written: Part, names: Part) => [
    `"${written}" is no variable of a prefix`,
    `; write one of ${names}`,
  ],
  dateUnknown: (written: Part, format: Part, hint: Part, known: Part) => [
    `"${written}" in "${format}" is no conversion of strftime that is known here${hint}`,
    `; write one of ${known}`,
  ],
  logMode: (mode: Part) => [`"${mode}" is no mode`, ', write octal digits such as 640'],
  loggerControl: (text: Part) => [`${text} has a control character in its name`, ': leave it out'],
  loggerUnknown: (kind: Part, hint: Part, forms: Part) => [
    `there is no logger "${kind}"${hint}`,
    `; give one of ${forms}`,
  ],
  loggerUnread: (text: Part, form: Part) => [
    `"${text}" is not a logger of its kind`,
    `: write ${form}`,
  ],
  loggerTag: (text: Part, tag: Part) => [
    `"${text}": "${tag}" is no tag`,
    ', give up to 48 letters, digits, "_", "-" or "."',
  ],
  loggerPath: (text: Part, remedy: Part) => [
    `"${text}": Node has no datagram sockets on paths`,
    `; ${remedy}`,
  ],
});
