/** `node tools/seams.mjs [folder]`: how much of a mask's edge shows in pictures of the starter, for each way to mask; the pictures too. */
import { ROOT } from './lib/paths.mjs';
import { prepare } from './lib/prepare.mjs';

await prepare({ quiet: true });
const { createServer } = await import('vite');
// The engine loads its tokenizer when it is first used: by then loadTypeScript would have closed.
const server = await createServer({
  configFile: false,
  root: ROOT,
  appType: 'custom',
  server: { middlewareMode: true, hmr: false, watch: null },
  logLevel: 'error',
});
const { measureSeams } = /** @type {typeof import('./seams/measure')} */ (
  await server.ssrLoadModule('/tools/seams/measure.ts')
);
for await (const line of measureSeams(process.argv[2])) console.log(line);
process.exit(0);
