import { problemOf } from '../../shared/result.js';
import { readCheaper } from './cheaper.js';
import { httpsAddresses } from './https.js';
import { loggingProblem } from './logging.js';
import { logProblem } from './request-log.js';
import { backendProblem } from './routers-only.js';
import { spoolerProblem } from './spooler.js';
import { spoolersOnlyProblem } from './spoolers-only.js';
import type { Options } from './table.js';
import type { Problem } from '../../shared/problem.js';
import { TOGETHER_PROBLEMS } from './problems/together.js';

/** All that options say against each other, each a sentence with its remedy. */
export function disagreements(options: Options): readonly Problem[] {
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
function proxyProblem(options: Options): Problem | null {
  if (!options['http-enable-proxy-protocol'] || options['trust-proxy'].length > 0) return null;
  return TOGETHER_PROBLEMS.proxyUntrusted();
}

/** What the options say of HTTPS must agree. */
function httpsProblem(options: Options): Problem | null {
  const addresses = httpsAddresses(options.https);
  if (!addresses.ok) return addresses.error;
  if (addresses.value.length > 0) return null;
  if (options['https-redirect'] !== undefined) {
    return TOGETHER_PROBLEMS.redirectNowhere();
  }
  if (options.hsts === undefined) return null;
  return TOGETHER_PROBLEMS.hstsUnsaid(options.hsts);
}

/** As in uWSGI: with such values no worker would ever be replaced for its requests or its memory. */
function lifetimeProblem(options: Options): Problem | null {
  const { 'max-worker-lifetime': most, 'min-worker-lifetime': least } = options;
  if (most === undefined || most > least) return null;
  return TOGETHER_PROBLEMS.lifetimes(least, most);
}
