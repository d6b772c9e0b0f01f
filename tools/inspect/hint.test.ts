import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { ask, run } from './testing/ask';

const ICON = 'public/icons/icon-192.png';
const folder = mkdtempSync(join(tmpdir(), 'hint-'));
const canny = `hint ${ICON} --preprocessor canny --resolution 64`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('hint', () => {
  // The functions of tools/fixtures/hint_preprocessors.py with OpenCV 4.10, of the icon laid on white.
  it.each([
    ['canny --threshold-a 100 --threshold-b 200', 'e5462952c7555474455a1019f4d04fa82aafa4946a0b23214a6e7cbd2babf951'],
    [
      'scribble_xdog --resolution 256 --threshold-a 20',
      'dbe8b3314ad8eb5c8ded70624c062464f42b7948622f3ab62fc658a6d0e7cf88',
    ],
    ['ShufflePreprocessor --seed 42', 'c67675f104f5bae66a33a48b24641de7a38482552f9230aa1e48c395a1db8b02'],
    ['invert', 'ce4e83122c4b0f3c62c1ab2457176c04fd1097474db7641513f3b88f7542fe40'],
  ])('makes the bytes of OpenCV: %s', async (options, sha256) => {
    expect(await ask(`hint ${ICON} --preprocessor ${options}`)).toMatchObject({ sha256, channels: 3 });
  });

  it('writes a PNG of black and white', async () => {
    const out = join(folder, 'edges.png');
    expect(await ask(`${canny} --out ${out}`)).toMatchObject({ preprocessor: 'canny', width: 64, height: 64 });
    const { width, data } = PNG.sync.read(readFileSync(out));
    expect(width).toBe(64);
    expect(new Set(data)).toEqual(new Set([0, 255]));
  });

  it('reads a JPEG', async () => {
    const jpeg = join(folder, 'icon.jpg');
    await sharp(ICON).resize(40, 30).jpeg().toFile(jpeg);
    expect(await ask(`hint ${jpeg} --preprocessor none`)).toMatchObject({ width: 40, height: 30 });
  });

  it('gives the mask to inpainting', async () => {
    expect(await ask(`hint ${ICON} --preprocessor inpaint_only --mask ${ICON}`)).toMatchObject({ channels: 4 });
  });

  it('draws by a network whose weights are given', async () => {
    const weights = 'src/core/networks/fixtures/annotator-teed/weights.safetensors';
    const line = `hint ${ICON} --preprocessor softedge_teed --resolution 64 --threshold-a 0 --out ${join(folder, 'teed.png')}`;
    expect(await ask(`${line} --weights ${weights}`)).toMatchObject({ preprocessor: 'softedge_teed', width: 64 });
    expect(new Set(PNG.sync.read(readFileSync(join(folder, 'teed.png'))).data).size).toBeGreaterThan(10);
    const problem = '"' + weights + '" is of TEED, not of HED.';
    expect(await run(`hint ${ICON} --preprocessor softedge_hed --weights ${weights}`)).toEqual({ code: 2, problem });
  });

  it.each([
    [
      `hint ${ICON} --preprocessor softedge_hed`,
      /^This preprocessor needs --weights, the file ControlNetHED\.pth of HED\.$/,
    ],
    [`hint ${ICON} --preprocessor softedge_hed --weights no.pth`, /no\.pth/],
    [`hint ${ICON}`, /^--preprocessor is missing\.$/],
    [`hint ${ICON} --preprocessor openpose_full`, /^There is no preprocessor "openpose_full"; there are none, canny, /],
    [`${canny} --threshold-a 256`, /^"Low Threshold" of "canny" must be a number from 1 to 255, not 256\.$/],
    [`hint ${ICON} --preprocessor inpaint_only`, /^"inpaint_only" needs a mask that says where to repaint\.$/],
    ['hint package.json --preprocessor canny', /^"package\.json" cannot be read as a picture: /],
    ['hint nowhere.png --preprocessor canny', /^"nowhere\.png" cannot be read: ENOENT/],
    [`${canny} --out ${join(tmpdir(), 'no', 'folder', 'x.png')}`, /cannot be written: ENOENT/],
  ])('refuses %s', async (line, problem) => {
    expect(await run(line)).toEqual({ code: 2, problem: expect.stringMatching(problem) });
  });
});
