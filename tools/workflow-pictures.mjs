/** `node tools/workflow-pictures.mjs`: what can be made from a picture, each with the starter and by the command line, into docs/workflows.md. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, prepare } from './lib/prepare.mjs';

await prepare();
const { PNG } = await import('pngjs');
const { default: sharp } = await import('sharp');
const { ROOT } = await import('./lib/paths.mjs');
const { loadTypeScript } = await import('./lib/load-typescript.mjs');
const { extendPicture } = /** @type {typeof import('../src/core/image/geometry')} */ (
  await loadTypeScript('src/core/image/geometry/index.ts')
);
const { toRgba } = /** @type {typeof import('../src/core/image/raster')} */ (
  await loadTypeScript('src/core/image/raster.ts')
);

/** Pixels a side in the pictures of the page. */
const SHOWN = 256;
const FOLDER = join(ROOT, 'docs', 'workflows');
const HERE = mkdtempSync(join(tmpdir(), 'gesso-workflows-'));

/** `first` is painted before it, into first.png. @typedef {{ file: string, title: string, words: string, args: string[], show: string[], before?: () => void, first?: string[] }} Step */

/** In this order: later ones start from what earlier ones made. @type {Step[]} */
const STEPS = [
  {
    ...{ file: 'words.png', title: 'From words', words: 'What the others start from.' },
    ...{ args: ['a red apple', '--seed', '7', '--steps', '20'], show: ['words.png'] },
  },
  {
    ...{ file: 'image-to-image.png', title: 'Image to image' },
    words:
      'The picture with noise over it, painted anew from there: its shape and place stay. On the page: Start from this picture.',
    args: ['a green apple', '--init', 'words.png', '--denoise', '0.85', '--seed', '2', '--steps', '20'],
    show: ['words.png', 'image-to-image.png'],
  },
  {
    ...{ file: 'sketched.png', title: 'From a sketch', before: sketch },
    words: 'A few strokes of colour become what the prompt says. On the page: Draw one, or Sketch over a picture.',
    args: ['a green apple', '--init', 'sketch.png', '--denoise', '0.8', '--seed', '5', '--steps', '20'],
    show: ['sketch.png', 'sketched.png'],
  },
  {
    ...{ file: 'inpainted.png', title: 'Inpainting', before: mask },
    words: 'What is masked is painted anew, what is not stays to the pixel. On the page: Repaint a part.',
    args: [
      ...['a red apple', '--init', 'words.png', '--mask', 'mask.png', '--denoise', '1'],
      ...['--masked-content', 'fill', '--seed', '11', '--steps', '20'],
    ],
    show: ['words.png', 'mask.png', 'inpainted.png'],
  },
  {
    ...{ file: 'extended.png', title: 'Outpainting', before: extend },
    words:
      'A frame larger than the picture: its edges go on into the room, and that is painted, with a feathered mask between. On the page: Extend, by handles or numbers; the page makes picture and mask.',
    args: [
      ...[
        'a castle at sunset',
        '--init',
        'wider.png',
        '--mask',
        'room.png',
        '--denoise',
        '1',
        '--inpaint-area',
        'masked',
      ],
      ...['--masked-content', 'fill', '--seed', '3', '--steps', '20'],
    ],
    first: ['a castle at sunset', '--seed', '5', '--steps', '20'],
    show: ['first.png', 'extended.png'],
  },
  {
    ...{ file: 'enlarged.png', title: 'Enlarged by a network' },
    words:
      'Four times as large, with clean edges and nothing new. On the page: Enlarge, or as every new profile has it.',
    args: ['a red apple', '--seed', '7', '--steps', '20', '--upscale', 'realesr-animevideov3-x4'],
    show: ['words.png', 'enlarged.png'],
  },
  {
    ...{ file: 'tiled.png', title: 'Enlarged and painted over, tile by tile' },
    words:
      'Ultimate SD upscale: enlarged, then each tile painted with what lies around it. The starter knows whole things of 128 pixels alone and paints its prompt into every tile, as the grid shows: this is for models that know parts of things, too.',
    args: [
      'a red apple',
      '--init',
      'words.png',
      '--ultimate',
      '4',
      '--denoise',
      '0.15',
      '--seed',
      '7',
      '--steps',
      '20',
    ],
    show: ['words.png', 'tiled.png'],
  },
];

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const sections = [];
for (const step of STEPS) sections.push(await section(step));
writeFileSync(join(ROOT, 'docs', 'workflows.md'), page(sections));
rmSync(HERE, { recursive: true });
console.log(`docs/workflows.md: ${STEPS.length} ways`);

/** @param {Step} step @returns {Promise<string>} */
async function section({ file, title, words, args, show, before, first }) {
  if (first) paint([...first, '--out', 'first.png'], title);
  before?.();
  const asked = [...args, '--out', file];
  paint(asked, title);
  await strip(show, join(FOLDER, file.replace(/\.png$/, '.webp')));
  const picture = `${file.replace(/\.png$/, '')}.webp`;
  const command = asked.map((word) => (/^[\w.-]+$/.test(word) ? word : `"${word}"`)).join(' ');
  return `## ${title}\n\n${words}\n\n![${title}](workflows/${picture})\n\n    npm run generate -- ${command}\n`;
}

/** @param {string[]} asked @param {string} title */
function paint(asked, title) {
  const command = [join(ROOT, 'tools', 'generate.mjs'), ...asked, '--provider', 'wasm'];
  const env = { ...process.env, INIT_CWD: HERE };
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: HERE, env, encoding: 'utf8' });
  if (status !== 0) fail(`${title}: ${stderr || stdout}`);
  console.log(`${title}: ${stdout.trim()}`);
}

/** Pictures side by side, each as high as the others. @param {string[]} files @param {string} to */
async function strip(files, to) {
  const shown = await Promise.all(
    files.map(async (file) => {
      const { width = 1, height = 1 } = await sharp(join(HERE, file)).metadata();
      const size = { width: Math.round((SHOWN * width) / height), height: SHOWN };
      const kernel = height > SHOWN ? 'lanczos3' : 'nearest';
      return {
        ...size,
        data: await sharp(join(HERE, file))
          .resize({ ...size, kernel })
          .png()
          .toBuffer(),
      };
    }),
  );
  const gap = 8;
  const width = shown.reduce((sum, one) => sum + one.width + gap, -gap);
  let left = 0;
  const laid = shown.map((one) => {
    const place = { input: one.data, left, top: 0 };
    left += one.width + gap;
    return place;
  });
  await sharp({ create: { width, height: SHOWN, channels: 3, background: '#ffffff' } })
    .composite(laid)
    .webp({ quality: 82 })
    .toFile(to);
}

/** @param {string[]} all */
function page(all) {
  const intro = [
    '# From pictures',
    '',
    'Each way to begin with a picture, with the model that is built in: `node tools/workflow-pictures.mjs` paints them anew by the commands below',
    'them, on the CPU. The starter paints 128 by 128 pixels alone ([what it makes of other sizes](starter/sizes.md)), so it has no Hires. fix; other',
    'models have it in their form, and by `--hires`.',
  ];
  return `${intro.join('\n')}\n\n${all.join('\n')}`;
}

/** @param {string} file @param {number} side @param {(x: number, y: number) => number[]} colour */
function draw(file, side, colour) {
  const png = new PNG({ width: side, height: side });
  for (let i = 0; i < side * side; i++) png.data.set([...colour(i % side, Math.floor(i / side)), 255], 4 * i);
  writeFileSync(join(HERE, file), PNG.sync.write(png));
}

/** A green disc with a brown stalk on white. */
function sketch() {
  draw('sketch.png', 128, (x, y) => {
    if (Math.abs(x - 66) < 4 && y > 18 && y < 44) return [109, 76, 65];
    return Math.hypot(x - 64, (y - 76) * 1.05) < 40 ? [67, 160, 71] : [255, 255, 255];
  });
}

/** Stalk and leaf. */
function mask() {
  draw('mask.png', 128, (x, y) => (y < 36 && x > 24 && x < 104 ? [255, 255, 255] : [0, 0, 0]));
}

/** More room on both sides, as the page's frame makes it. */
function extend() {
  const { width, height, data } = PNG.sync.read(readFileSync(join(HERE, 'first.png')));
  const picture = { width, height, channels: /** @type {const} */ (4), data: Uint8ClampedArray.from(data) };
  const made = extendPicture(picture, { left: 32, right: 32, top: 0, bottom: 0 }, Math.round(width / 6));
  for (const [file, raster] of /** @type {const} */ ([
    ['wider.png', made.picture],
    ['room.png', toRgba(made.mask)],
  ])) {
    const png = new PNG({ width: raster.width, height: raster.height });
    png.data.set(raster.data);
    writeFileSync(join(HERE, file), PNG.sync.write(png));
  }
}
