import { describe } from 'node:test';
import { LOAD_PROBLEMS, START_PROBLEMS } from '../../../server/problems/application.js';
import { CERTIFICATE_PROBLEMS } from '../../../server/problems/certificates.js';
import { FOLDER_PROBLEMS } from '../../../server/problems/folders.js';
import { LOG_PROBLEMS } from '../../../server/problems/logs.js';
import { OWNERSHIP_PROBLEMS } from '../../../server/problems/ownership.js';
import { QUEUE_PROBLEMS } from '../../../server/problems/queue.js';
import { SOCKET_PROBLEMS } from '../../../server/problems/sockets.js';
import { certificateProblem } from '../../support/certificates.js';
import { holdTable } from '../../support/problem-examples/hold.js';
import { LOAD_EXAMPLES, START_EXAMPLES } from '../../support/problem-examples/start/application.js';
import { CERTIFICATE_EXAMPLES } from '../../support/problem-examples/start/certificates.js';
import { FOLDER_EXAMPLES } from '../../support/problem-examples/start/folders.js';
import { LOG_EXAMPLES } from '../../support/problem-examples/start/logs.js';
import { OWNERSHIP_EXAMPLES } from '../../support/problem-examples/start/ownership.js';
import { QUEUE_EXAMPLES } from '../../support/problem-examples/start/queue.js';
import { SOCKET_EXAMPLES } from '../../support/problem-examples/start/sockets.js';

describe('what can be wrong with a socket', () => {
  holdTable(SOCKET_PROBLEMS, SOCKET_EXAMPLES);
});

describe('what can be wrong with a folder of our own', () => {
  holdTable(FOLDER_PROBLEMS, FOLDER_EXAMPLES);
});

describe('what can be wrong with a certificate', { skip: certificateProblem() ?? false }, () => {
  holdTable(CERTIFICATE_PROBLEMS, CERTIFICATE_EXAMPLES);
});

describe('what can be wrong with whose an instance is', () => {
  holdTable(OWNERSHIP_PROBLEMS, OWNERSHIP_EXAMPLES);
});

describe('what can be wrong with a log', () => {
  holdTable(LOG_PROBLEMS, LOG_EXAMPLES);
});

describe('what can be wrong with how an application is started', () => {
  holdTable(START_PROBLEMS, START_EXAMPLES);
});

describe('what can be wrong with a module', () => {
  holdTable(LOAD_PROBLEMS, LOAD_EXAMPLES);
});

describe('what can be wrong with a queue', () => {
  holdTable(QUEUE_PROBLEMS, QUEUE_EXAMPLES);
});
