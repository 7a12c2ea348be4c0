import { expect, test } from 'vitest';
import { composeShader } from '../../src/gpu/shader.ts';

test('constants come first, and repeats are written out, nested ones too', () => {
  const { code } = composeShader(
    'x',
    ['//: repeat i ROWS\nlet a{i} = {i};\n  //: repeat j COLUMNS\nlet s{i}_{j};\n//: end\n//: end', 'last'],
    { ROWS: 2, COLUMNS: 3 },
  );
  expect(code.split('\n')).toEqual([
    'const ROWS: u32 = 2u;',
    'const COLUMNS: u32 = 3u;',
    ...['let a0 = 0;', 'let s0_0;', 'let s0_1;', 'let s0_2;'],
    ...['let a1 = 1;', 'let s1_0;', 'let s1_1;', 'let s1_2;'],
    'last',
  ]);
});

test('a repeat can count in groups, and extensions are enabled before everything else', () => {
  const { code } = composeShader(
    'x',
    ['first', 'enable a;\n//: repeat i ROWS\nlet a{i} = b{i/4} + {i%4};\n//: end', 'enable a;'],
    { ROWS: 6 },
  );
  expect(code.split('\n')).toEqual([
    'enable a;',
    'const ROWS: u32 = 6u;',
    'first',
    ...['let a0 = b0 + 0;', 'let a1 = b0 + 1;', 'let a2 = b0 + 2;', 'let a3 = b0 + 3;'],
    ...['let a4 = b1 + 0;', 'let a5 = b1 + 1;'],
  ]);
});

test('mistakes in repeats are named', () => {
  expect(() => composeShader('shaders/x.wgsl', ['//: repeat i ROWS\n//: end'])).toThrow(
    'shaders/x.wgsl: "repeat i ROWS" names no constant',
  );
  expect(() => composeShader('shaders/x.wgsl', ['//: repeat i ROWS'], { ROWS: 1 })).toThrow(
    'shaders/x.wgsl: "//: repeat i ROWS" has no end',
  );
});
