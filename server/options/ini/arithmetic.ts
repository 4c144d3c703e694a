type Operator = '+' | '-' | '*' | '/' | '';

/**
 * What stands in `%(…)` with spaces: from left to right, without precedence, in whole numbers of 64
 * bits. Two neighbours without a sign between them are put together, `++` and `--` add and take one,
 * what is no number counts as 0, and so does a division by zero, all as in uWSGI.
 */
export function calculate(
  expression: string,
  look: (name: string) => string | undefined,
): string | undefined {
  let value: string | undefined;
  let operator: Operator = '';
  for (const word of expression.split(' ').filter((part) => part !== '')) {
    if (word === '++' || word === '--') {
      if (value !== undefined) value = operate(value, word === '++' ? '+' : '-', '1');
      operator = '';
    } else if (isOperator(word)) operator = word;
    else {
      value = operate(value ?? '', operator, /^\d+$/.test(word) ? word : (look(word) ?? ''));
      operator = '';
    }
  }
  return value;
}

function isOperator(word: string): word is Operator {
  return ['+', '-', '*', '/'].includes(word);
}

function operate(left: string, operator: Operator, right: string): string {
  const [a, b] = [numberOf(left), numberOf(right)];
  switch (operator) {
    case '':
      return left + right;
    case '+':
      return wrapped(a + b);
    case '-':
      return wrapped(a - b);
    case '*':
      return wrapped(a * b);
    case '/':
      return b === 0n ? '0' : wrapped(a / b);
  }
}

function wrapped(value: bigint): string {
  return String(BigInt.asIntN(64, value));
}

const LARGEST = 2n ** 63n - 1n;

/** The number that a text begins with, as strtoll(3) reads it. */
function numberOf(text: string): bigint {
  // More digits than nineteen are over the bound anyway, and need not be read.
  const [, sign = '', digits = '0'] = /^\s*([+-]?)0*(\d{1,20})/.exec(text) ?? [];
  const size = BigInt(digits);
  if (sign === '-') return size > LARGEST ? -LARGEST - 1n : -size;
  return size > LARGEST ? LARGEST : size;
}
