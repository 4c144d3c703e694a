import type { CertificateNews } from './certificate-news.js';
import type { MasterEvent, Severity } from './events.js';
import { withEvent } from './kept-events.js';
import { type Decision, log } from './process.js';
import type { EventOfMaster, MasterState } from './state.js';

const SEVERITIES: Readonly<Record<CertificateNews['what'], Severity>> = {
  renewed: 'info',
  refused: 'error',
  ends: 'warn',
};

/** What happened to a certificate is told in the log and kept; nothing else is to be done. */
export function onCertificate(
  state: MasterState,
  { news }: Extract<MasterEvent, { type: 'certificate' }>,
  now: number,
): Decision {
  const { what, address, text } = news;
  const event: EventOfMaster = {
    ...{ kind: `certificate-${what}`, subject: address, text, at: now },
  };
  const line = what === 'renewed' ? `*** ${text} ***` : text;
  return [withEvent(state, event), [log(line, SEVERITIES[what])]];
}
