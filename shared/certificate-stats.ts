/** A certificate that is shown on an `--https`. */
export interface CertificateStats {
  /** The address as it was written. */
  address: string;
  /** Where it is read from. */
  file: string;
  /** Its DNS names; empty where it has none. */
  names: string[];
  /** Seconds since 1970: clients refuse it from then on. */
  not_after: number;
}
