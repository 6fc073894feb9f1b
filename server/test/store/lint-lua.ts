import { parse, type Expression, type Identifier, type Node } from 'luaparse';

/** What Redis gives a script, and what of Lua's own ours use. Redis refuses every other global, but only once it gets there. */
const GLOBALS: ReadonlySet<string> = new Set([
  ...['redis', 'cjson', 'KEYS', 'ARGV'],
  ...['ipairs', 'pairs', 'tonumber', 'unpack', 'math', 'string'],
]);
const WITHOUT_KEY: ReadonlySet<string> = new Set(['TIME', 'SCAN']);

/**
 * What is wrong with a script that runs in Redis, with the line where that is known: it is no Lua 5.1, sets a global or
 * reads one that is not there, never uses a local, touches a key that was not declared (a cluster would do it on the
 * wrong node), or its first lines do not say what it takes.
 */
export function lintLua(text: string): readonly string[] {
  let nodes: readonly Node[];
  try {
    nodes = nodesIn(parse(text, { luaVersion: '5.1', scope: true, locations: true, comments: false }));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  return [...headFaults(text), ...nodes.flatMap(globalFaults), ...unused(nodes), ...keyFaults(nodes)];
}

function nodesIn(value: unknown): Node[] {
  if (Array.isArray(value)) return (value as unknown[]).flatMap(nodesIn);
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.entries(value).flatMap(([name, each]) => (name === 'globals' ? [] : nodesIn(each)));
  return 'type' in value ? [value as Node, ...inside] : inside;
}

const at = ({ loc }: Node, what: string): string => `line ${String(loc?.start.line)}: ${what}`;

function headFaults(text: string): readonly string[] {
  const head = /^(?:--.*\n)+/.exec(text)?.[0] ?? '';
  const code = text.slice(head.length);
  return ['KEYS', 'ARGV'].flatMap((name) => {
    const [isUsed, isTold] = [new RegExp(`\\b${name}\\b`).test(code), head.includes(`${name}: `)];
    if (isUsed && !isTold) return [`the first lines do not tell of ${name}`];
    // A key may be there for its place in the cluster alone.
    return isTold && !isUsed && name === 'ARGV' ? ['ARGV is told of, and not used'] : [];
  });
}

/** A name by itself; members have no scope. */
const isIdentifier = (node: Node, isLocal: boolean): node is Identifier =>
  node.type === 'Identifier' && (node as Identifier & { isLocal?: boolean }).isLocal === isLocal;

const isGlobal = (node: Node): node is Identifier => isIdentifier(node, false);

function globalFaults(node: Node): readonly string[] {
  if (node.type === 'AssignmentStatement')
    return node.variables.filter(isGlobal).map((each) => at(each, `${each.name} is set, and is no local`));
  if (node.type === 'FunctionDeclaration' && !node.isLocal && node.identifier !== null)
    return [at(node, 'a function is no local')];
  if (isGlobal(node) && !GLOBALS.has(node.name)) return [at(node, `there is no ${node.name}`)];
  return [];
}

function unused(nodes: readonly Node[]): readonly string[] {
  const locals = nodes.filter((node) => isIdentifier(node, true));
  return locals
    .filter(({ name }) => name !== '_' && locals.filter((each) => each.name === name).length === 1)
    .map((node) => at(node, `${node.name} is never used`));
}

function keyFaults(nodes: readonly Node[]): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.type !== 'CallExpression' || node.base.type !== 'MemberExpression') return [];
    const { base, identifier } = node.base;
    if (base.type !== 'Identifier' || base.name !== 'redis' || !/^p?call$/.test(identifier.name)) return [];
    const [command, key] = node.arguments;
    if (command?.type !== 'StringLiteral') return [at(node, 'which command it is, is not plain')];
    const name = command.raw.slice(1, -1);
    if (WITHOUT_KEY.has(name) || (key !== undefined && isKey(key, nodes))) return [];
    return [at(node, `the key of ${name} is none of KEYS`)];
  });
}

/** Whether it is one of KEYS, by itself or by a name that stands for nothing else. */
function isKey(expression: Expression, nodes: readonly Node[]): boolean {
  switch (expression.type) {
    case 'IndexExpression':
      return expression.base.type === 'Identifier' && expression.base.name === 'KEYS';
    case 'CallExpression': {
      const [of] = expression.arguments;
      return isNamed(expression.base, 'unpack') && of !== undefined && isNamed(of, 'KEYS');
    }
    case 'LogicalExpression': {
      const { operator, left, right } = expression;
      return isKey(right, nodes) && (operator === 'and' || isKey(left, nodes));
    }
    case 'Identifier': {
      const meant = nodes.flatMap((node) => boundTo(expression.name, node, nodes));
      return meant.length > 0 && meant.every((each) => each !== undefined && isKey(each, nodes));
    }
    default:
      return false;
  }
}

const isNamed = (node: Node, name: string): boolean => node.type === 'Identifier' && node.name === name;

/** What a name stands for by this node; undefined where that cannot be said. */
function boundTo(name: string, node: Node, nodes: readonly Node[]): readonly (Expression | undefined)[] {
  const placeIn = (names: readonly Node[]): number => names.findIndex((each) => isNamed(each, name));
  switch (node.type) {
    case 'LocalStatement':
    case 'AssignmentStatement': {
      const place = placeIn(node.variables);
      return place < 0 ? [] : [node.init[place]];
    }
    case 'FunctionDeclaration': {
      const place = placeIn(node.parameters);
      if (place < 0 || node.identifier?.type !== 'Identifier') return [];
      const called = node.identifier.name;
      return nodes.flatMap((each) =>
        each.type === 'CallExpression' && isNamed(each.base, called) ? [each.arguments[place]] : [],
      );
    }
    case 'ForNumericStatement':
      return isNamed(node.variable, name) ? [undefined] : [];
    case 'ForGenericStatement': {
      if (placeIn(node.variables) < 0) return [];
      const [of] = node.iterators.flatMap((each) => (each.type === 'CallExpression' ? each.arguments : []));
      return of?.type === 'TableConstructorExpression' ? of.fields.map((field) => field.value) : [undefined];
    }
    default:
      return [];
  }
}
