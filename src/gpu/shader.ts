/** WGSL ready to compile. `name` says which files and variant it was made of, and is what error messages show. */
export interface Shader {
  readonly name: string;
  readonly code: string;
}

/**
 * Joins pieces of WGSL into one shader.
 *
 * Each constant becomes `const NAME: u32`. Lines between `//: repeat i COUNT` and `//: end` are written COUNT times
 * with `{i}` replaced by 0, 1, …: register tiles need their sums as separate variables, and a loop over an array of
 * them is slow. Repeats nest. A line `//: paste NAME` becomes the snippet of that name: statements that several kernels
 * share and that no function could hold, since they work on dozens of variables.
 *
 * @throws {SyntaxError} on a repeat without end, of an unknown constant, or an unknown snippet
 */
export function composeShader(
  name: string,
  pieces: readonly string[],
  constants: Readonly<Record<string, number>> = {},
  snippets: Readonly<Record<string, string>> = {},
): Shader {
  const header = Object.entries(constants).map(([key, value]) => `const ${key}: u32 = ${value}u;`);
  const lines = pieces.flatMap((piece) => piece.split('\n')).flatMap((line) => paste(line, snippets, name));
  return { name, code: [...header, ...expand(lines, constants, name)].join('\n') };
}

const PASTE = /^\s*\/\/: paste (\w+)\s*$/;

function paste(line: string, snippets: Readonly<Record<string, string>>, name: string): string[] {
  const [, wanted] = PASTE.exec(line) ?? [];
  if (wanted === undefined) return [line];
  const snippet = snippets[wanted];
  if (snippet === undefined) throw new SyntaxError(`${name}: "paste ${wanted}" names no snippet`);
  return snippet.split('\n');
}

const REPEAT = /^\s*\/\/: repeat (\w+) (\w+)\s*$/;
const END = /^\s*\/\/: end\s*$/;

function expand(
  lines: readonly string[],
  constants: Readonly<Record<string, number>>,
  name: string,
): string[] {
  const out: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const repeat = REPEAT.exec(line);
    if (!repeat) {
      out.push(line);
      continue;
    }
    const [, variable = '', count = ''] = repeat;
    const times = constants[count];
    if (times === undefined)
      throw new SyntaxError(`${name}: "repeat ${variable} ${count}" names no constant`);
    const end = matchingEnd(lines, at, name);
    const body = lines.slice(at + 1, end);
    for (let i = 0; i < times; i++) {
      const filled = body.map((text) => text.replaceAll(`{${variable}}`, String(i)));
      out.push(...expand(filled, constants, name));
    }
    at = end;
  }
  return out;
}

function matchingEnd(lines: readonly string[], start: number, name: string): number {
  let depth = 0;
  for (let at = start; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (REPEAT.test(line)) depth++;
    else if (END.test(line) && --depth === 0) return at;
  }
  throw new SyntaxError(`${name}: "${lines[start]?.trim()}" has no end`);
}
