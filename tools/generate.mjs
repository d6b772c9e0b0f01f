/** `npm run generate -- "a red apple" --out apple.png`: the built app makes a picture in a headless browser. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { HELP, readGenerateOptions } from './lib/generate-options.mjs';
import { fail, prepare } from './lib/prepare.mjs';

/** npm runs us in the repository's root; paths are meant from where the person is. */
const HERE = process.env.INIT_CWD ?? process.cwd();
/** Words of a recipe that are no settings' ids: other words for settings, and what only the page fills in. */
const OF_PAGE = ['negative', 'cfg', 'advanced'];

const options = readOptions();
await prepare();
if ('comfy' in options) await paintComfy(options);
else if ('workflow' in options) await paintWorkflow(options);
else if (options.start || options.control) await paintAlone(options);
else await paintRecipes(options);

/** @param {{ workflow: object, file: string, provider: import('./lib/open-app.mjs').Provider }} options */
async function paintWorkflow({ workflow, file, provider }) {
  const { runWorkflow } = await import('./lib/workflow-page.mjs');
  const { pngs, device, timings, notices } = await runWorkflow(workflow, provider).catch(fail);
  for (const notice of notices) console.error(notice);
  for (const [i, png] of pngs.entries()) {
    const path = i === 0 ? file : file.replace(/(\.[^./\\]*)?$/, `-${i + 1}$1`);
    write(path, png);
    console.log(`${path}: ${timings.totalSeconds.toFixed(1)} s on ${device.provider} (${device.adapter})`);
  }
}

/** A graph of ComfyUI, by the engine alone. @param {import('./lib/generate-options.mjs').ComfyOptions} options */
async function paintComfy({ comfy, file, folder, checkpoint, adapters: paths, provider }) {
  const { loadTypeScript } = await import('./lib/load-typescript.mjs');
  const { openWorkflowPage } = await import('./lib/workflow-page.mjs');
  const { openComfyJob } = /** @type {typeof import('./picture/comfy-job')} */ (
    await loadTypeScript('tools/picture/comfy-job.ts')
  );
  const { readAdapters } = /** @type {typeof import('./picture/read-adapters')} */ (
    await loadTypeScript('tools/picture/read-adapters.ts')
  );
  const path = resolve(HERE, comfy);
  const at = (/** @type {string} */ name) => resolve(dirname(path), name);
  const page = await openWorkflowPage(provider).catch(fail);
  try {
    const adapters = await readAdapters(
      paths.map((one) => ({ name: basename(one), bytes: readFileSync(resolve(HERE, one)) })),
    );
    const model = checkpoint === undefined ? undefined : await page.addModel(resolve(HERE, checkpoint));
    const job = await openComfyJob(readFileSync(path), {
      adapters,
      ...(model && checkpoint !== undefined && { model, fileName: basename(checkpoint) }),
      read: (name) => (existsSync(at(name)) ? readFileSync(at(name)) : undefined),
    });
    for (const line of job.lines) console.error(line);
    const { pngs, device, timings, notices } = await page.run(job.workflow, { images: job.images, adapters });
    for (const notice of notices) console.error(notice);
    for (const [i, png] of pngs.entries()) {
      const numbered = i === 0 ? file : file.replace(/(\.[^./\\]*)?$/, `-${i + 1}$1`);
      const to = folder === undefined ? numbered : join(folder, job.names[i]);
      write(to, Buffer.from(job.finish(png)));
      console.log(`${to}: ${timings.totalSeconds.toFixed(1)} s on ${device.provider} (${device.adapter})`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await page.close();
  }
}

/** Paints by the engine alone. @param {import('./lib/generate-options.mjs').RecipeOptions} options */
async function paintAlone({
  jobs,
  provider,
  checkpoint,
  adapters: paths,
  control = [],
  helpers = [],
  start,
  enlarger,
}) {
  const { init, more = [], folder, mask, settings = {} } = start ?? {};
  const inits = init === undefined ? [undefined] : picturesOf([init, ...more]);
  if (inits.length > 1 && folder === undefined) fail('Several pictures to start from need --out-dir.', 2);
  const named = (/** @type {string | undefined} */ path, /** @type {string} */ file) =>
    folder === undefined || path === undefined ? file : join(folder, `${basename(path, extname(path))}.png`);
  const { loadTypeScript } = await import('./lib/load-typescript.mjs');
  const { openWorkflowPage } = await import('./lib/workflow-page.mjs');
  const { pictureJob } = /** @type {typeof import('./picture/picture-job')} */ (
    await loadTypeScript('tools/picture/picture-job.ts')
  );
  const { readPicture, readStart } = /** @type {typeof import('./picture/read-picture')} */ (
    await loadTypeScript('tools/picture/read-picture.ts')
  );
  const { readAdapters } = /** @type {typeof import('./picture/read-adapters')} */ (
    await loadTypeScript('tools/picture/read-adapters.ts')
  );
  const { BUILT_IN_CONTROL, BUILT_IN_CONTROL_LIKES } =
    /** @type {typeof import('../src/core/catalog/built-in-control')} */ (
      await loadTypeScript('src/core/catalog/built-in-control.ts')
    );
  const bytes = (/** @type {string} */ path) => readFileSync(resolve(HERE, path));
  const picture = (/** @type {string} */ path) =>
    readPicture(bytes(path)).catch((error) => {
      throw new Error(`${path}: ${error.message}`);
    });
  const begin = async (/** @type {string} */ path) => {
    const { picture: read, note } = await readStart(bytes(path), basename(path));
    if (note !== undefined) console.error(note);
    return read;
  };
  const page = await openWorkflowPage(provider).catch(fail);
  try {
    const adapters = await readAdapters(paths.map((path) => ({ name: basename(path), bytes: bytes(path) })));
    const model = checkpoint === undefined ? undefined : await page.addModel(resolve(HERE, checkpoint));
    for (const path of helpers) await page.addModel(resolve(HERE, path));
    const units = [];
    for (const { model: path, image, mask: hidden, more = [], settings: said } of control) {
      const added = path === undefined ? undefined : await page.addModel(resolve(HERE, path));
      const own = !added ? BUILT_IN_CONTROL_LIKES : added.control === 'picture' ? { module: 'ip-adapter-auto' } : {};
      const entry = added ?? BUILT_IN_CONTROL;
      const further = [];
      for (const one of more) further.push(await picture(one));
      units.push({
        ...{ ...own, ...said, model: entry },
        ...(image !== undefined && { image: await picture(image) }),
        ...(hidden !== undefined && { mask: await picture(hidden) }),
        ...(further.length > 0 && { more: further }),
      });
    }
    const common = { ...(mask !== undefined && { mask: await picture(mask) }), control: units };
    const all = inits.flatMap((path) => jobs.map(({ recipe, file }) => ({ recipe, path, file: named(path, file) })));
    for (const { recipe, path, file } of all) {
      const given = { ...common, ...(path !== undefined && { init: await begin(path) }) };
      const { negative: negativePrompt, cfg: cfgScale } = recipe;
      const said = Object.entries({ ...recipe, negativePrompt, cfgScale });
      const typed = Object.fromEntries(said.filter(([id, value]) => value !== undefined && !OF_PAGE.includes(id)));
      const asked = { ...typed, ...settings, ...(enlarger !== undefined && { enlarger }) };
      const { workflow, images, seed, finish } = pictureJob(asked, given, { model, adapters });
      const { pngs, device, timings, notices } = await page.run(workflow, { images, adapters });
      for (const notice of notices) console.error(notice);
      write(file, Buffer.from(finish(pngs[0])));
      report(file, recipe, { seed, ...device, totalSeconds: timings.totalSeconds });
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await page.close();
  }
}

/** Pictures in folders, by their names; other paths as they are. @param {string[]} paths */
function picturesOf(paths) {
  return paths.flatMap((path) => {
    const at = resolve(HERE, path);
    if (!existsSync(at) || !statSync(at).isDirectory()) return [path];
    const names = readdirSync(at).filter((name) => /\.(png|jpe?g|webp|avif|gif|tiff?)$/i.test(name));
    if (names.length === 0) return fail(`${path} has no pictures.`, 2);
    return names.sort().map((name) => join(path, name));
  });
}

/** @param {string} file @param {Buffer} bytes */
function write(file, bytes) {
  const path = resolve(HERE, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** @param {import('./lib/generate-options.mjs').RecipeOptions} options */
async function paintRecipes({ jobs, checkpoint, second, refiner, adapters, upscalers = [], provider }) {
  // Only now are the packages surely there.
  const { openApp } = await import('./lib/open-app.mjs');
  const { addFiles, addModel, fillRecipe, generatePicture, notices, savePng } = await import('./lib/drive-app.mjs');
  const { page, close } = await openApp({ provider }).catch(fail);
  try {
    // The last is the one that paints.
    for (const one of [refiner, second, checkpoint].filter((path) => path !== undefined)) {
      const path = resolve(HERE, one);
      await addModel(page, path, statSync(path).isDirectory());
    }
    const added = [...adapters, ...upscalers].map((path) => resolve(HERE, path));
    if (added.length > 0) await addFiles(page, added);
    for (const { recipe, file } of jobs) {
      await fillRecipe(page, recipe);
      report(file, recipe, await generatePicture(page));
      for (const notice of await notices(page)) console.error(notice);
      const path = resolve(HERE, file);
      mkdirSync(dirname(path), { recursive: true });
      await (await savePng(page)).saveAs(path);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    await close();
  }
}

function readOptions() {
  try {
    const options = readGenerateOptions(process.argv.slice(2), (path) => readFileSync(resolve(HERE, path), 'utf8'));
    if (options !== 'help') return options;
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n\n${HELP}`, 2);
  }
  console.log(HELP);
  return process.exit(0);
}

/** @param {string} file @param {import('./lib/drive-app.mjs').Recipe} recipe @param {Pick<import('./lib/drive-app.mjs').Facts, 'seed' | 'provider' | 'adapter' | 'totalSeconds'>} facts */
function report(file, recipe, { seed, provider, adapter, totalSeconds }) {
  console.log(`${file}: "${recipe.prompt}", seed ${seed}, ${totalSeconds.toFixed(1)} s on ${provider} (${adapter})`);
}
