import { problemOf } from '../../shared/result.js';
import { readCheaper } from './cheaper.js';
import { httpsAddresses } from './https.js';
import { loggingProblem } from './logging.js';
import { logProblem } from './request-log.js';
import { backendProblem } from './routers-only.js';
import { spoolerProblem } from './spooler.js';
import { spoolersOnlyProblem } from './spoolers-only.js';
import type { Options } from './table.js';

/** All that options say against each other, each a sentence with its remedy. */
export function disagreements(options: Options): readonly string[] {
  const found = [
    lifetimeProblem(options),
    logProblem(options),
    loggingProblem(options),
    proxyProblem(options),
    httpsProblem(options),
    backendProblem(options),
    spoolerProblem(options),
    spoolersOnlyProblem(options),
  ].filter((problem) => problem !== null);
  return [...found, ...(problemOf(readCheaper(options)) ?? [])];
}

/** Without it every connection would be closed. */
function proxyProblem(options: Options): string | null {
  if (!options['http-enable-proxy-protocol'] || options['trust-proxy'].length > 0) return null;
  return '--http-enable-proxy-protocol needs --trust-proxy: name the proxies whose header is believed';
}

/** What the options say of HTTPS must agree. */
function httpsProblem(options: Options): string | null {
  const addresses = httpsAddresses(options.https);
  if (!addresses.ok) return addresses.error;
  if (addresses.value.length > 0) return null;
  if (options['https-redirect'] !== undefined) {
    return '--https-redirect has nowhere to send clients: give --https ADDR,CERT,KEY too';
  }
  if (options.hsts === undefined) return null;
  return '--hsts is said on HTTPS only: give --https ADDR,CERT,KEY too';
}

/** As in uWSGI: with such values no worker would ever be replaced for its requests or its memory. */
function lifetimeProblem(options: Options): string | null {
  const { 'max-worker-lifetime': most, 'min-worker-lifetime': least } = options;
  if (most === undefined || most > least) return null;
  return `invalid min-worker-lifetime value (${least}), must be lower than max-worker-lifetime (${most}): give both`;
}
