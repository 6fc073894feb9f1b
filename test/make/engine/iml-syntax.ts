/** An IML expression, taken apart. Only the subset that the app uses: everything else is a syntax error. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  /** Of an array; the first item is 1. */
  | { readonly kind: 'item'; readonly of: Expression; readonly position: number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Part = { readonly text: string } | { readonly expression: Expression };

/** The most loosely binding first. */
const OPERATORS = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/']];

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|('[^']*'|"[^"]*")|([A-Za-z_]\w*)|`([^`]+)`|(\|\||&&|==|!=|<=|>=|[-+*/<>!()[\].,;]))/y;

interface Token {
  readonly type: 'number' | 'string' | 'name' | 'sign';
  readonly text: string;
}

/**
 * Text with expressions between double braces: those of an app's sections, or as a user maps them in a scenario, where modules
 * are named by their numbers and a semicolon stands between arguments. Throws where it cannot be read, saying where.
 */
export function parseTemplate(source: string, written: 'app' | 'scenario' = 'app'): readonly Part[] {
  const parts: Part[] = [];
  let at = 0;
  while (at < source.length) {
    const open = source.indexOf('{{', at);
    if (open < 0) break;
    if (open > at) parts.push({ text: source.slice(at, open) });
    const close = endOf(source, open + 2);
    parts.push({ expression: parseExpression(source.slice(open + 2, close), written) });
    at = close + 2;
  }
  if (at < source.length) parts.push({ text: source.slice(at) });
  return parts;
}

/** Where the closing braces are; braces between quotation marks do not count. */
function endOf(source: string, from: number): number {
  let quote = '';
  for (let at = from; at < source.length; at += 1) {
    const letter = source[at] ?? '';
    if (quote !== '') quote = letter === quote ? '' : quote;
    else if (letter === "'" || letter === '"') quote = letter;
    else if (source.startsWith('}}', at)) return at;
  }
  throw new SyntaxError(`No }} follows the {{ in: ${source}`);
}

export function parseExpression(source: string, written: 'app' | 'scenario' = 'app'): Expression {
  const tokens = tokensOf(source);
  const between = written === 'app' ? ',' : ';';
  let next = 0;
  const fail = (): never => {
    throw new SyntaxError(`Cannot read IML at “${tokens[next]?.text ?? 'its end'}” in: ${source}`);
  };
  const takes = (...signs: readonly string[]): string | undefined => {
    const token = tokens[next];
    if (token?.type !== 'sign' || !signs.includes(token.text)) return undefined;
    next += 1;
    return token.text;
  };
  const need = (sign: string): void => {
    if (takes(sign) === undefined) fail();
  };

  function binary(level: number): Expression {
    const operators = OPERATORS[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let operator = takes(...operators); operator !== undefined; operator = takes(...operators)) {
      left = { kind: 'binary', operator, left, right: binary(level + 1) };
    }
    return left;
  }

  function unary(): Expression {
    if (takes('!')) return { kind: 'not', of: unary() };
    return postfix(primary());
  }

  function postfix(of: Expression): Expression {
    if (takes('.')) return postfix({ kind: 'member', of, name: take('name') });
    if (!takes('[')) return of;
    const position = Number(take('number'));
    need(']');
    return postfix({ kind: 'item', of, position });
  }

  function primary(): Expression {
    const token = tokens[next];
    if (takes('(')) {
      const inner = binary(0);
      need(')');
      return inner;
    }
    if (token === undefined || token.type === 'sign') return fail();
    next += 1;
    if (token.type === 'number' && written === 'scenario' && tokens[next]?.text === '.')
      return { kind: 'name', name: token.text };
    if (token.type === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.type === 'string') return { kind: 'literal', value: token.text.slice(1, -1) };
    return takes('(') ? { kind: 'call', name: token.text, args: rest() } : { kind: 'name', name: token.text };
  }

  function rest(): readonly Expression[] {
    const args: Expression[] = [];
    if (takes(')')) return args;
    do args.push(binary(0));
    while (takes(between));
    need(')');
    return args;
  }

  function take(type: Token['type']): string {
    const token = tokens[next];
    if (token?.type !== type) return fail();
    next += 1;
    return token.text;
  }

  const whole = binary(0);
  if (next < tokens.length) fail();
  return whole;
}

function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const text = source.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null)
      throw new SyntaxError(`Cannot read IML at “${text.slice(at, at + 20)}” in: ${source}`);
    const [, number, string, name, quotedName, sign] = found;
    if (number !== undefined) tokens.push({ type: 'number', text: number });
    else if (string !== undefined) tokens.push({ type: 'string', text: string });
    else if (sign !== undefined) tokens.push({ type: 'sign', text: sign });
    else tokens.push({ type: 'name', text: name ?? quotedName ?? '' });
  }
  return tokens;
}

/** Every expression within, itself included. */
export function* partsOf(expression: Expression): Generator<Expression> {
  yield expression;
  switch (expression.kind) {
    case 'member':
    case 'item':
    case 'not':
      yield* partsOf(expression.of);
      return;
    case 'binary':
      yield* partsOf(expression.left);
      yield* partsOf(expression.right);
      return;
    case 'call':
      for (const arg of expression.args) yield* partsOf(arg);
      return;
    default:
      return;
  }
}
