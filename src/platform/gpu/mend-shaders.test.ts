import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mendShaders, writeZeros } from './mend-shaders';

const inFunction = (body: string): string => `fn main() { ${body} }`;

describe('writeZeros', () => {
  it.each([
    ['var a : f32;', 'var a : f32 = f32();'],
    ['var a: f32;', 'var a: f32 = f32();'],
    ['var a:f32 ;', 'var a:f32  = f32();'],
    ['var<function> a : vec4<f16>;', 'var<function> a : vec4<f16> = vec4<f16>();'],
    ['var < function > a : bool;', 'var < function > a : bool = bool();'],
    ['var acc: array<vec4<f16>, 4>;', 'var acc: array<vec4<f16>, 4> = array<vec4<f16>, 4>();'],
    ['var m : mat4x4<f32>;', 'var m : mat4x4<f32> = mat4x4<f32>();'],
    ['var s : Scores;', 'var s : Scores = Scores();'],
    ['var a : array<array<f32, 2>, rows * (2 + 1)>;', 'var a : array<array<f32, 2>, rows * (2 + 1)> = array<array<f32, 2>, rows * (2 + 1)>();'], // prettier-ignore
    ['var a : array<f32, select(1, 2, (n) == 2)>;', 'var a : array<f32, select(1, 2, (n) == 2)> = array<f32, select(1, 2, (n) == 2)>();'], // prettier-ignore
    ['var a\n  : array<\n f32,\n 4>\n;', 'var a\n  : array<\n f32,\n 4>\n = array< f32, 4>();'],
    ['for (var i : u32; i < 4; i++) {}', 'for (var i : u32 = u32(); i < 4; i++) {}'],
    ['loop { var a : f32; if x { var b : i32; } }', 'loop { var a : f32 = f32(); if x { var b : i32 = i32(); } }'],
    ['var a : f32;var b : f32;', 'var a : f32 = f32();var b : f32 = f32();'],
    ['var größe_1 : f32;', 'var größe_1 : f32 = f32();'],
  ])('%s', (body, mended) => {
    expect(writeZeros(inFunction(body))).toBe(inFunction(mended));
  });

  it.each([
    ['var a : f32 = 1.0;'],
    ['var a = 1.0;'],
    ['var a : array<f32,4>= array<f32, 4>(1, 2, 3, 4);'],
    ['let a : f32 = x; a_var : f32;'],
    ['myvar : f32; var_ : f32; overvar : f32;'],
    ['// var a : f32;\n'],
    ['/* var a : f32; /* } */ var b : f32; */'],
    ['var a : atomic<u32>;'], // not WGSL: left for the compiler to complain of
    ['var a : array<atomic<u32>, 4>;'],
  ])('leaves %s', (body) => {
    expect(writeZeros(inFunction(body))).toBe(inFunction(body));
  });

  it('leaves what stands outside of functions', () => {
    const code = `
      var<private> a : f32; var<workgroup> b : array<atomic<u32>, size>;
      @group(0) @binding(0) var<storage, read> c : array<f32>; @group(0) @binding(1) var d : texture_2d<f32>;
      struct S { var_a : f32, b : u32 }
      override size : u32;
    `;
    expect(writeZeros(code)).toBe(code);
  });

  it('keeps comments, and reads through them', () => {
    const code = 'var /* the */ a // sum {\n : /* of */ vec2<f32> // two\n ; // } var b : f32;\n var b : f32;';
    const mended =
      'var /* the */ a // sum {\n : /* of */ vec2<f32> // two\n  = vec2<f32>(); // } var b : f32;\n var b : f32 = f32();';
    expect(writeZeros(inFunction(code))).toBe(inFunction(mended));
    expect(writeZeros('/* { */ var<private> a : f32; /* unclosed { var b : f32;')).toBe(
      '/* { */ var<private> a : f32; /* unclosed { var b : f32;',
    );
  });

  it('counts braces, so that what follows a function is outside again', () => {
    const code = 'struct S { a : f32 } fn f() { if x { var a : S; } } var<private> a : f32; fn g() { var b : S; }';
    expect(writeZeros(code)).toBe(
      'struct S { a : f32 } fn f() { if x { var a : S = S(); } } var<private> a : f32; fn g() { var b : S = S(); }',
    );
  });
});

/** WGSL of random declarations, and how each is written once mended. */
const scalar = fc.constantFrom('f32', 'f16', 'i32', 'u32', 'bool', 'Tile');
const type = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    scalar.map((of) => `vec4<${of}>`),
    fc.record({ of: tie('type'), count: fc.integer({ min: 1, max: 64 }) }).map(({ of, count }) => `array<${of}, ${count}>`), // prettier-ignore
    tie('type').map((of) => `array<${of}, (rows * 2) / columns>`),
  ),
})).type;
const gap = fc.constantFrom(' ', '\n', ' // var x : f32;\n', ' /* { /* ; */ = */ ');
const declaration = fc
  .record({ type, before: gap, behind: gap, isSet: fc.boolean(), space: fc.constantFrom('', '<function>') })
  .map(({ type, before, behind, isSet, space }, ..._) => {
    const start = `var${space}${before}name${behind}:${before}${type}${behind}`;
    const value = ` = ${type}()`;
    return { written: `${start}${isSet ? value : ''};`, mended: `${start}${value};`, isSet };
  });
const block = fc.letrec<{ block: { written: string; mended: string } }>((tie) => ({
  block: fc
    .array(
      fc.oneof(
        { depthSize: 'small' },
        declaration,
        fc.constantFrom('name += 1.0;', 'let a = b;', '// }\n').map((line) => ({ written: line, mended: line })),
        tie('block').map(({ written, mended }) => ({ written: `loop {${written}}`, mended: `loop {${mended}}` })),
      ),
      { maxLength: 4 },
    )
    .map((parts) => ({
      written: parts.map((part) => part.written).join(''),
      mended: parts.map((part) => part.mended).join(''),
    })),
})).block;

describe('writeZeros on any code', () => {
  it('writes every missing zero and nothing else', () => {
    fc.assert(
      fc.property(block, gap, ({ written, mended }, between) => {
        const around = (body: string): string =>
          `var<workgroup> w : array<f32, 4>;${between}fn f() {${body}}${between}var<private> p : f32;`;
        expect(writeZeros(around(written))).toBe(around(mended));
      }),
    );
  });

  it('finds nothing more in what it has written', () => {
    fc.assert(fc.property(fc.string(), (code) => writeZeros(writeZeros(code)) === writeZeros(code)));
    fc.assert(fc.property(block, ({ mended }) => writeZeros(`fn f() {${mended}}`) === `fn f() {${mended}}`));
  });

  it('ends on hostile text, soon', () => {
    for (const text of ['var a :', 'var a : (', '/*', 'var<function', '{var a:('.repeat(1e4), '/*'.repeat(1e5)])
      expect(writeZeros(`fn f() {${text}`)).toContain(text.slice(0, 4));
  });
});

describe('mendShaders', () => {
  it('hands the device every other field of a shader', () => {
    const seen: GPUShaderModuleDescriptor[] = [];
    const device = {
      createShaderModule(this: unknown, descriptor: GPUShaderModuleDescriptor) {
        expect(this).toBe(device);
        seen.push(descriptor);
        return descriptor;
      },
    } as unknown as GPUDevice;
    mendShaders(device).createShaderModule({ label: 'Flash', code: 'fn f() { var a : f32; }' });
    expect(seen).toEqual([{ label: 'Flash', code: 'fn f() { var a : f32 = f32(); }' }]);
  });
});
