/** Something about a certificate that whoever runs the server should know. */
export interface CertificateNews {
  /** `renewed`: it is shown now; `refused`: it could not be used; `ends`: it is about to, or has. */
  readonly what: 'renewed' | 'refused' | 'ends';
  /** The address of the `--https`, as it was written. */
  readonly address: string;
  /** A sentence without its full stop. */
  readonly text: string;
}
