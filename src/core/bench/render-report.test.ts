import { describe, expect, it } from 'vitest';
import type { BenchReport, BenchRow } from './bench-report';
import { formatFigure, renderMarkdown, renderText } from './render-report';

const unet: BenchRow = {
  model: 'Stable Diffusion 1.5, random weights',
  component: 'unet',
  weights: 'q8',
  activations: 'float16',
  subgroups: true,
  width: 768,
  height: 512,
  batch: 2,
  loadSeconds: 3.21,
  loadBytes: 9e8,
  firstMs: 2300,
  ms: 250,
  runs: 7,
  tflop: 2.59,
  peakBytes: 1.5e9,
};

const report: BenchReport = {
  program: 'gesso-0.1.0',
  repeat: 'npm run gpu-check',
  startedAt: '2026-11-25T22:45:01.123Z',
  seconds: 412.3,
  device: {
    adapter: 'A GPU | with a bar',
    provider: 'webgpu',
    host: 'Chromium 156',
    runtime: '1.31.0-dev',
    features: ['shader-f16'],
  },
  selfTest: [
    { name: 'Half precision', result: 'exact', isGood: true },
    { name: 'Fast attention', result: 'wrong by 4 %', isGood: false },
  ],
  parity: [
    { name: 'unet-sd15', activations: 'float16', subgroups: true, error: 0.0026, limit: 5e-3 },
    { name: 'clip-l', activations: 'float32', subgroups: false, error: 0.02, limit: 1e-4 },
    { name: 'clip-h', activations: 'float32', subgroups: false, limit: 1e-4, failure: 'Invalid ShaderModule' },
  ],
  pictures: [
    {
      name: 'red-apple',
      activations: 'float16',
      weights: 'q8',
      firstSeconds: 2.04,
      seconds: 0.31,
      psnr: 66.04,
      limit: 50,
    },
    { name: 'blue-pear', activations: 'float16', weights: 'q8', firstSeconds: 1, seconds: 1, psnr: 12, limit: 50 },
    { name: 'lost-pear', failure: 'out of memory' },
  ],
  peaks: [
    { what: 'ours', tflops: 20.72 },
    { what: 'ONNX Runtime', tflops: 12 },
  ],
  rows: [unet, { ...unet, component: 'text_encoder', batch: 1, failure: 'out of memory' }],
  skipped: ['SDXL at 1024 x 1024: it would have taken 60 s and 12 s were left.'],
};

describe('renderMarkdown', () => {
  const text = renderMarkdown(report);

  it('gives achieved TFLOP/s, and their share of the best product', () => {
    // 2.59 TFLOP in 0.25 s; 10.36 of 20.72
    expect(text).toContain(
      '| Stable Diffusion 1.5, random weights | U-Net, q8, float16, subgroups | 768 x 512, batch 2 | 3.2 s | 2300 ms | 250 ms | 10.4 | 50 % | 1.5 GB |  |',
    );
  });

  it('has as many cells in every line of a table as in its head', () => {
    const cells = (line: string): number => line.replaceAll('\\|', '').split('|').length;
    const tables = text.split('\n\n').filter((block) => block.startsWith('|'));
    expect(tables).toHaveLength(5);
    for (const table of tables) expect(new Set(table.split('\n').map(cells)).size).toBe(1);
  });

  it('holds whole pictures against their limit', () => {
    expect(text).toContain('| red-apple | float16 | q8 | 2.0 s | 0.31 s | 66.0 | 50 | holds |');
    expect(text).toContain('| blue-pear | float16 | q8 | 1.0 s | 1.0 s | 12.0 | 50 | does not hold |');
    expect(text).toContain('| lost-pear |  |  |  |  |  |  | out of memory |');
  });

  it('says what failed, what does not hold, and what was left out', () => {
    expect(text).toContain('| out of memory |');
    expect(text).toContain('| unet-sd15 | float16 | yes | 2.6e-3 | 5e-3 | holds |');
    expect(text).toContain('| clip-l | float32 | no | 2.0e-2 | 1e-4 | does not hold |');
    expect(text).toContain('| clip-h | float32 | no |  | 1e-4 | Invalid ShaderModule |');
    expect(text).toContain('| Fast attention | WRONG: wrong by 4 % |');
    expect(text).toContain('- SDXL at 1024 x 1024: it would have taken 60 s');
  });

  it('warns of figures that say nothing of real GPUs', () => {
    expect(text).not.toContain('say nothing of real GPUs');
    const software = { ...report, isQuick: true, device: { ...report.device, isSoftware: true } };
    expect(renderMarkdown(software)).toContain('its times say nothing of real GPUs');
    expect(renderMarkdown(software)).toContain('the GPU not measured');
  });
});

describe('renderText', () => {
  it('puts columns in line and leaves empty ones out', () => {
    const text = renderText({ ...report, selfTest: undefined, parity: undefined, rows: [unet], skipped: [] });
    expect(text).toMatchInlineSnapshot(`
      "Gesso benchmark
      A GPU | with a bar (WebGPU), Chromium 156
      gesso-0.1.0, onnxruntime-web 1.31.0-dev; 2026-11-25 22:45 UTC, 412 s in all
      Features: shader-f16
      Again: npm run gpu-check

      Networks
        model                                 what                           call                load   first call  ms      TFLOP/s  of peak  memory
        Stable Diffusion 1.5, random weights  U-Net, q8, float16, subgroups  768 x 512, batch 2  3.2 s  2300 ms     250 ms  10.4     50 %     1.5 GB

      Products of matrices
        what          TFLOP/s
        ours          20.7
        ONNX Runtime  12.0

      Whole pictures
        picture    precision  weights  first  again   PSNR, dB  limit
        red-apple  float16    q8       2.0 s  0.31 s  66.0      50     holds
        blue-pear  float16    q8       1.0 s  1.0 s   12.0      50     does not hold
        lost-pear                                                      out of memory
      "
    `);
  });
});

describe('formatFigure', () => {
  it.each([
    [0.0421, '0.042'],
    [3.21, '3.2'],
    [12.345, '12.3'],
    [1480.2, '1480'],
  ])('writes %f as %s', (value, text) => expect(formatFigure(value)).toBe(text));
});
