import { type Part, problemTable } from '../../shared/problem.js';

/** What can be wrong with the files of `--https` and `--stats-tls`. */
export const CERTIFICATE_PROBLEMS = problemTable({
  fileMissing: (file: Part) => [`there is no file ${file}`, ': name one that is there'],
  fileUnreadable: (file: Part, reason: Part) => [
    `${file} cannot be read: ${reason}`,
    '; it must be readable by whoever starts the master',
  ],
  noCertificate: (file: Part) => [
    `${file} is no certificate`,
    ': it must be PEM, beginning with BEGIN CERTIFICATE',
  ],
  keyEncrypted: (file: Part) => [
    `the key ${file} is encrypted, and nobody is there to type its password`,
    `: decrypt it with openssl pkey -in ${file} -out NEW and protect it by its mode`,
  ],
  noKey: (file: Part) => [
    `${file} is no private key`,
    ': it must be PEM, such as BEGIN PRIVATE KEY',
  ],
  notAPair: (key: Part, cert: Part) => [
    `the key ${key} does not belong to the certificate ${cert}`,
    ": give the two of one pair, and in a chain the server's own certificate first",
  ],
  unusable: (cert: Part, key: Part, reason: Part) => [
    `${cert} with ${key} cannot be used: ${reason}`,
    '; have a certificate made that OpenSSL takes, with a key of 2048 bits or more',
  ],
  tooLarge: (most: Part) => [
    `its files are larger than ${most} KiB together`,
    ': use more than one address, or fewer authorities',
  ],
});
