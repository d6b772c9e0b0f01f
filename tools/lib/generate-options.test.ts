/** The command line of `npm run generate`: what it takes, and a sentence for what it does not. */
import { describe, expect, it } from 'vitest';
import { readGenerateOptions } from './generate-options.mjs';

const none = (): string => '';

describe('readGenerateOptions', () => {
  it('reads a prompt and its recipe', () => {
    expect(
      readGenerateOptions(['a red apple', '--seed', '7', '--cfg', '4.5', '--sampler', 'euler', '--out', 'a.png'], none),
    ).toEqual({
      jobs: [{ recipe: { prompt: 'a red apple', seed: '7', cfg: '4.5', sampler: 'euler' }, file: 'a.png' }],
      adapters: [],
      provider: 'auto',
    });
  });

  it('takes an empty prompt and a negative number', () => {
    expect(readGenerateOptions(['', '--seed', '-1', '--provider', 'wasm'], none)).toEqual({
      jobs: [{ recipe: { prompt: '', seed: '-1' }, file: 'gesso.png' }],
      adapters: [],
      provider: 'wasm',
    });
  });

  it('reads one prompt a line and numbers the files', () => {
    const options = readGenerateOptions(
      ['--prompts', 'list', '--out-dir', 'out', '--seed', '3'],
      () => 'a cat\r\n\n a dog\n',
    );
    expect(options).not.toBe('help');
    const { jobs } = options as Extract<typeof options, { jobs: unknown }>;
    expect(jobs.map(({ recipe, file }) => [recipe.prompt, recipe.seed, file.replaceAll('\\', '/')])).toEqual([
      ['a cat', '3', 'out/001.png'],
      [' a dog', '3', 'out/002.png'],
    ]);
  });

  it('reads a second pass and upscalers, by the labels of the form', () => {
    const args = ['a cat', '--hires', '1.65', '--hires-upscaler', 'Latent', '--denoise', '0.6', '--hires-prompt', 'b'];
    const more = ['--upscale', '4x-Sharp', '--upscaler', '4x-Sharp.pth'];
    expect(readGenerateOptions([...args, ...more], none)).toEqual({
      jobs: [
        {
          recipe: {
            prompt: 'a cat',
            advanced: {
              ...{ 'Upscale by': '1.65', Upscaler: 'Latent', 'Hires prompt': 'b', 'Denoising strength': '0.6' },
              'Enlarge with': '4x-Sharp',
            },
          },
          file: 'gesso.png',
        },
      ],
      adapters: [],
      upscalers: ['4x-Sharp.pth'],
      provider: 'auto',
    });
    expect(() => readGenerateOptions(['a', '--hires-steps', '3'], none)).toThrow(/belong to --hires/);
    expect(() => readGenerateOptions(['a', '--init', 'a.png', '--hires', '2'], none)).toThrow(/not with --init/);
    const second = ['--hires', '2', '--hires-checkpoint', 'a/b.safetensors'];
    expect(() => readGenerateOptions(['a', ...second], none)).toThrow(/goes with --checkpoint or --model/);
    expect(readGenerateOptions(['a', '--checkpoint', 'c', ...second], none)).toMatchObject({
      second: 'a/b.safetensors',
      jobs: [{ recipe: { advanced: { 'Upscale by': '2', 'Hires checkpoint': 'b' } } }],
    });
    expect(() => readGenerateOptions(['a', ...second.slice(2)], none)).toThrow(/belong to --hires/);
    expect(() => readGenerateOptions(['a', '--checkpoint', 'c', '--init', 'a.png', ...second], none)).toThrow(
      /not with --init/,
    );
  });

  it('adds a refiner first, and says when it takes over', () => {
    const refiner = ['--refiner', 'a/b.safetensors', '--refiner-switch-at', '0.6'];
    expect(readGenerateOptions(['a', '--checkpoint', 'c', ...refiner], none)).toMatchObject({
      refiner: 'a/b.safetensors',
      jobs: [{ recipe: { advanced: { 'Refiner checkpoint': 'b', 'Switch at': '0.6' } } }],
    });
    const passes = ['--hires', '2', '--refiner-for', 'both passes'];
    expect(readGenerateOptions(['a', '--checkpoint', 'c', ...refiner, ...passes], none)).toMatchObject({
      jobs: [{ recipe: { advanced: { 'Upscale by': '2', 'Refiner for': 'both passes' } } }],
    });
    expect(() => readGenerateOptions(['a', ...refiner], none)).toThrow(/goes with --checkpoint or --model/);
    expect(() => readGenerateOptions(['a', ...refiner.slice(2)], none)).toThrow(/belongs to --refiner/);
    expect(() => readGenerateOptions(['a', '--checkpoint', 'c', ...refiner, ...passes.slice(2)], none)).toThrow(
      /belongs to --hires/,
    );
    expect(() => readGenerateOptions(['a', '--checkpoint', 'c', '--init', 'a.png', ...refiner], none)).toThrow(
      /not with --init/,
    );
  });

  it('enlarges what starts from a picture, too', () => {
    expect(readGenerateOptions(['a', '--init', 'a.png', '--upscale', 'x'], none)).toMatchObject({ enlarger: 'x' });
    expect(readGenerateOptions(['a', '--control', 'a.png', '--upscale', 'x'], none)).toMatchObject({ enlarger: 'x' });
    expect(readGenerateOptions(['a', '--upscale', 'x'], none)).not.toHaveProperty('enlarger');
  });

  it('reads several pictures to start from, which go into a folder', () => {
    const args = ['a cat', '--init', 'a.png', '--init', 'b', '--out-dir', 'out', '--denoise', '0.4'];
    const start = { init: 'a.png', more: ['b'], folder: 'out', settings: { denoisingStrength: '0.4' } };
    expect(readGenerateOptions(args, none)).toMatchObject({ start });
    expect(() => readGenerateOptions(['a', '--init', 'a.png', '--init', 'b.png'], none)).toThrow(/need --out-dir/);
    expect(() => readGenerateOptions(['a', '--out-dir', 'out'], none)).toThrow(/belongs to --prompts or to several/);
  });

  it('reads tiles, for a picture from a picture and for a second pass', () => {
    const tiles = ['--tiles', 'MultiDiffusion', '--tile-width', '64'];
    expect(readGenerateOptions(['a', '--init', 'a.png', ...tiles], none)).toMatchObject({
      start: { settings: { tiledMethod: 'MultiDiffusion', tileWidth: '64' } },
    });
    expect(readGenerateOptions(['a', '--hires', '2', ...tiles], none)).toMatchObject({
      jobs: [{ recipe: { advanced: { 'Upscale by': '2', 'Tiled diffusion': 'MultiDiffusion', 'Tile width': '64' } } }],
    });
    expect(() => readGenerateOptions(['a', '--tile-width', '64'], none)).toThrow(/belongs to --tiles/);
  });

  it('reads a picture that is painted over tile by tile', () => {
    const tiles = ['--ultimate', '2', '--ultimate-tile-width', '768', '--seams-fix', 'half_tile'];
    expect(readGenerateOptions(['a', '--init', 'a.png', ...tiles], none)).toMatchObject({
      start: { settings: { redraw: 'linear', redrawScale: '2', redrawTileWidth: '768', seamFix: 'half_tile' } },
    });
    expect(
      readGenerateOptions(['a', '--init', 'a.png', '--ultimate', '0', '--ultimate-mode', 'overlap'], none),
    ).toMatchObject({
      start: { settings: { redraw: 'overlap', redrawScale: '0' } },
    });
    expect(() => readGenerateOptions(['a', ...tiles], none)).toThrow(/paints over a picture: --init/);
    expect(() => readGenerateOptions(['a', '--init', 'a.png', '--seams-fix', 'none'], none)).toThrow(
      /belong to --ultimate/,
    );
    expect(() => readGenerateOptions(['a', '--init', 'a.png', '--ultimate', 'x'], none)).toThrow(/must be a number/);
  });

  it('reads a picture to start from, and its mask', () => {
    const args = ['a cat', '--init', 'a.png', '--mask', 'm.png', '--denoise', '0.6', '--inpaint-area', 'Only masked'];
    expect(readGenerateOptions([...args, '--invert-mask'], none)).toMatchObject({
      jobs: [{ recipe: { prompt: 'a cat' }, file: 'gesso.png' }],
      start: {
        init: 'a.png',
        mask: 'm.png',
        settings: { denoisingStrength: '0.6', inpaintArea: 'Only masked', invertMask: 'true' },
      },
    });
  });

  it('takes LoRAs to add first, with prompts alone', () => {
    const options = readGenerateOptions(['a <lora:x:1>', '--adapter', 'x.safetensors', '--adapter', 'y.pt'], none);
    expect(options).toMatchObject({ adapters: ['x.safetensors', 'y.pt'] });
    expect(readGenerateOptions(['a', '--checkpoint', 'm.ckpt'], none)).toMatchObject({ checkpoint: 'm.ckpt' });
    expect(() => readGenerateOptions(['--workflow', 'w', '--adapter', 'x'], none)).toThrow(
      /--adapter goes with a prompt, not with --workflow/,
    );
    expect(readGenerateOptions(['a cat', '--init', 'a.png', '--checkpoint', 'x'], none)).toMatchObject({
      checkpoint: 'x',
      start: { init: 'a.png' },
    });
    expect(readGenerateOptions(['a cat', '--init', 'a.png', '--adapter', 'x'], none)).toMatchObject({
      adapters: ['x'],
      start: { init: 'a.png' },
    });
  });

  it('takes what looks at pictures for adapters, beside a unit', () => {
    const args = ['a', '--control-model', 'ip', '--image-encoder', 'h', '--hint-weights', 'teed'];
    expect(readGenerateOptions(args, none)).toMatchObject({ helpers: ['h', 'teed'], control: [{ model: 'ip' }] });
    expect(() => readGenerateOptions(['a', '--image-encoder', 'h'], none)).toThrow(/belong to a unit/);
  });

  it('takes units of control, an option for each', () => {
    const args = ['a', '--control', 'x.png', '--control-model', 'x', '--control-model', 'y', '--control-weight', '0.5'];
    const { control } = readGenerateOptions([...args, '--control-mode', 'prompt'], none) as { control: unknown };
    expect(control).toEqual([
      { image: 'x.png', model: 'x', settings: { weight: 0.5, mode: 'prompt' } },
      { model: 'y', settings: {} },
    ]);
    const pictures = ['a', '--control-model', 'ip', '--control-more', 'b.png,c.png', '--control-join', 'average'];
    expect(readGenerateOptions([...pictures, '--control-mask', 'm.png'], none)).toMatchObject({
      control: [{ model: 'ip', more: ['b.png', 'c.png'], mask: 'm.png', settings: { join: 'average' } }],
    });
    const own = ['a', '--control', 'x.png'];
    expect(readGenerateOptions(own, none)).toMatchObject({ control: [{ image: 'x.png', settings: {} }] });
    const others = [...own, '--checkpoint', 'x.safetensors'];
    expect(() => readGenerateOptions(others, none)).toThrow(/needs its --control-model/);
    const wrong = ['a', '--control-model', 'x', '--control-end', 'late'];
    expect(() => readGenerateOptions(wrong, none)).toThrow(/--control-end must be a number, not "late"/);
  });

  it('reads a workflow, which says everything itself', () => {
    const read = (path: string): string => (path === 'w.json' ? '{"version":1}' : '{');
    expect(readGenerateOptions(['--workflow', 'w.json', '--out', 'w.png', '--provider', 'wasm'], read)).toEqual({
      workflow: { version: 1 },
      file: 'w.png',
      provider: 'wasm',
    });
    expect(() => readGenerateOptions(['--workflow', 'w.json', '--steps', '4'], read)).toThrow(/says everything itself/);
    expect(() => readGenerateOptions(['a cat', '--workflow', 'w.json'], read)).toThrow(/says everything itself/);
    expect(() => readGenerateOptions(['--workflow', 'broken'], read)).toThrow(/"broken" is no workflow/);
  });

  it('reads a workflow of ComfyUI, in JSON or a picture, with what it may name', () => {
    const files: Record<string, string> = {
      api: '{"1": {"class_type": "A", "inputs": {"x": NaN}}}',
      ui: '{"nodes": [{"type": "A"}], "links": []}',
      png: '\uFFFDPNG\r\n',
    };
    const read = (path: string): string => files[path];
    const said = ['--out-dir', 'd', '--checkpoint', 'm', '--adapter', 'l', '--provider', 'wasm'];
    for (const comfy of Object.keys(files))
      expect(readGenerateOptions(['--workflow', comfy, ...said], read)).toEqual({
        ...{ comfy, file: 'gesso.png', folder: 'd', checkpoint: 'm', adapters: ['l'], provider: 'wasm' },
      });
    expect(() => readGenerateOptions(['--workflow', 'ui', '--steps', '4'], read)).toThrow(/says everything itself/);
    expect(() => readGenerateOptions(['--workflow', 'ui', '--out', 'a', '--out-dir', 'd'], read)).toThrow(/together/);
    const missing = (): string => {
      throw new Error('no such file');
    };
    expect(() => readGenerateOptions(['--workflow', 'ui'], missing)).toThrow('"ui" is no workflow: no such file.');
  });

  it.each([
    [[], /no prompt/],
    [['a', 'red'], /more than one prompt/],
    [['a', '--mask', 'm.png'], /belong to a picture: --init/],
    [['a', '--init', 'a.png', '--denoise', 'much'], /--denoise must be a number/],
    [['a', '--steps', 'many'], /--steps must be a number, not "many"/],
    [['a', '--provider', 'cuda'], /--provider must be one of auto, webgpu, wasm/],
    [['a', '--sead', '1'], /--sead/],
    [['--prompts', 'list'], /--out-dir/],
    [['a', '--out-dir', 'x'], /--out-dir belongs to --prompts/],
    [['--prompts', 'list', '--out-dir', 'x'], /has no prompts/],
  ])('explains %j', (args, words) => {
    expect(() => readGenerateOptions(args, none)).toThrow(words);
  });
});
