/**
 * Writes into WGSL the zeros that it leaves to the compiler: behind `var name : type;` in a function, ` = type()`.
 *
 * By WGSL both mean the same. Chromium 156 forgets the unwritten zero from the second turn of a loop on where it compiles for
 * Vulkan, and ONNX Runtime's flash attention declares its scores so: docs/decisions/shader-zeros.md.
 */
import { mendGelu } from './mend-gelu';
import { widenSums } from './widen-sums';

/** The device, whose shaders are mended from now on. */
export function mendShaders(device: GPUDevice): GPUDevice {
  const createShaderModule = device.createShaderModule.bind(device);
  device.createShaderModule = (descriptor) =>
    createShaderModule({ ...descriptor, code: writeZeros(mendGelu(widenSums(descriptor.code))) });
  return device;
}

/** A brace, or a declaration up to the end of its type, where `;` or `=` follows: `==` may stand in a type's brackets. */
const BRACE_OR_VAR =
  /[{}]|(?<!\p{ID_Continue})var(?:\s*<\s*function\s*>\s*|\s+)[\p{ID_Start}_]\p{ID_Continue}*\s*:(?<type>(?:[^;={}()]|\((?:[^()]|\([^()]*\))*\))*);?/gu;

/** Code with every variable of a function that says its type and no value set to zero. */
export function writeZeros(code: string): string {
  const bare = blankComments(code);
  let depth = 0;
  let written = '';
  let end = 0;
  for (const { 0: found, index, groups } of bare.matchAll(BRACE_OR_VAR)) {
    if (found === '{') depth += 1;
    else if (found === '}') depth -= 1;
    else if (depth > 0 && found.endsWith(';')) {
      const at = index + found.length - 1;
      const type = (groups?.['type'] ?? '').trim().replace(/\s+/g, ' ');
      if (/\batomic\b/.test(type)) continue; // not WGSL; its own complaint says more than one about the zero
      written += `${code.slice(end, at)} = ${type}()`;
      end = at;
    }
  }
  return written + code.slice(end);
}

/** The same length with spaces for comments, so that places are the same. Line breaks are WGSL's. */
function blankComments(code: string): string {
  let bare = '';
  let end = 0;
  const comment = /\/\/[^\n\v\f\r\u0085\u2028\u2029]*|\/\*/g;
  for (let found = comment.exec(code); found; found = comment.exec(code)) {
    const stop = found[0] === '/*' ? blockEnd(code, found.index) : comment.lastIndex;
    bare += code.slice(end, found.index) + ' '.repeat(stop - found.index);
    comment.lastIndex = end = stop;
  }
  return bare + code.slice(end);
}

/** Place behind a block comment, which may hold others; an unclosed one ends with the code. */
function blockEnd(code: string, start: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = start;
  let depth = 0;
  for (let found = edge.exec(code); found; found = edge.exec(code)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return code.length;
}
