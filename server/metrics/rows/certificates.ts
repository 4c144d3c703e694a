import type { CertificateStats } from '../../../shared/stats.js';
import type { Metric } from '../metric.js';

/** Until when clients accept what `--https` shows them; nothing without it. */
export const CERTIFICATE_METRIC: Metric = {
  name: 'tsuwsgi_certificate_not_after_seconds',
  type: 'gauge',
  unit: 'seconds',
  help: 'When a certificate of --https expires, since 1970; that in use, not that in the file.',
  labels: ['address', 'file'],
  read: ({ certificates }) =>
    distinct(certificates).map(({ address, file, not_after: value }) => ({
      labels: [
        ['address', address],
        ['file', file],
      ],
      value,
    })),
};

/** A file may be given twice; a series may not. */
function distinct(certificates: readonly CertificateStats[]): readonly CertificateStats[] {
  return [
    ...new Map(certificates.map((one) => [JSON.stringify([one.address, one.file]), one])).values(),
  ];
}
