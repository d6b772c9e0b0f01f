/** `npm run bench -- upscalers`: seconds a megapixel of each upscaler in its published size, beside a step of SD 1.5's U-Net in the same run. */
import { parseArgs } from 'node:util';
import { loadTypeScript } from './lib/load-typescript.mjs';
import { fail, prepare } from './lib/prepare.mjs';

const HELP = `npm run bench -- upscalers [options]
  --side <pixels>       of the patch that each enlarges (default: 96)
  --unet <pixels>       side of the picture whose latent the U-Net is given (default: 256); 0 leaves it out
  --rounds <number>     measured calls of each, all in turn, after one that compiles (default: 3)
  --only <names>        compact16, compact32, span, omnisr, rrdb6, rrdb23x2, rrdb23, with commas
  --threads <number>    of the CPU (default: 1, as in a page that is not isolated)
  --lavapipe            WebGPU in software, in Chromium, instead of the CPU`;

const { isOnPage, threads, ...question } = readOptions();
await prepare({ quiet: true });
if (isOnPage) {
  const { runOnLavapipe } = await import('./lib/lavapipe-page.mjs');
  const page = { folder: 'tools/upscaler-cost/page', name: 'measureUpscalers', asked: question };
  await runOnLavapipe({ ...page, print: (line) => console.log(line) }).catch(fail);
} else {
  const { measureInNode } = /** @type {typeof import('./upscaler-cost/in-node')} */ (
    await loadTypeScript('tools/upscaler-cost/in-node.ts')
  );
  for await (const line of measureInNode(question, threads)) console.log(line);
}
process.exit(0);

function readOptions() {
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2).filter((word) => word !== 'upscalers'),
      options: {
        side: { type: 'string', default: '96' },
        unet: { type: 'string', default: '256' },
        rounds: { type: 'string', default: '3' },
        threads: { type: 'string', default: '1' },
        only: { type: 'string' },
        lavapipe: { type: 'boolean', default: false },
        help: { type: 'boolean' },
      },
    });
    const numbers = [values.side, values.unet, values.rounds, values.threads].map(Number);
    const [side, unetSide, rounds, count] = numbers;
    if (values.help || !numbers.every(Number.isInteger) || side < 16 || side % 8 !== 0 || rounds < 1)
      throw new Error(HELP);
    const only = values.only === undefined ? undefined : values.only.split(',');
    return { side, unetSide, rounds, threads: count, isOnPage: values.lavapipe, ...(only && { only }) };
  } catch (error) {
    return fail(error, 2);
  }
}
