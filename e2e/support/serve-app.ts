/** Before all specs: builds the app where its sources changed and serves it on a free port. */
import { ensureBuilt } from '../../tools/lib/build.mjs';
import { DIST } from '../../tools/lib/paths.mjs';
import { serve } from '../../tools/lib/serve.mjs';

export default async function serveApp(): Promise<() => Promise<void>> {
  if (!(await ensureBuilt())) throw new Error('The app could not be built, see above.');
  const server = await serve({ dir: DIST, port: 0 });
  process.env.GESSO_URL = server.url; // the workers' playwright.config.ts reads it
  return server.close;
}
