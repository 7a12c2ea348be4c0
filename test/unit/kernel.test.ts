import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { declarationsOf } from '../../src/gpu/kernel.ts';

test('what a kernel declares is read without its functions', () => {
  const code = `
// A comment with fn pretend() { in it.
alias Lane = vec4f;
fn one(a: f32) -> f32 { if (a > 0) { return 1; } return a; }
struct Job { rows: u32, } // fn
@group(0) @binding(0) var<uniform> job: Job;
@compute @workgroup_size(8, GROUP_ROWS)
fn main(@builtin(global_invocation_id) invocation: vec3u, @builtin(workgroup_id) group: vec3u) {
  for (;;) { break; }
}
const LAST = 1u;`;
  expect(declarationsOf(code).replace(/\s+/g, ' ').trim()).toBe(
    'alias Lane = vec4f; struct Job { rows: u32, } @group(0) @binding(0) var<uniform> job: Job; const LAST = 1u;',
  );
});

test.each(['distances', 'similarity'])('shaders/%s.wgsl keeps all its bindings', (name) => {
  const code = readFileSync(new URL(`../../shaders/${name}.wgsl`, import.meta.url), 'utf8');
  const bindings = /@binding\(\d+\)/g;
  const declarations = declarationsOf(code);
  expect(declarations).not.toContain('fn ');
  expect(declarations.match(bindings)).toEqual(code.match(bindings));
});
