/**
 * Who may import whom (docs of the layers: src/*\/README.md). Checked by `npm test`.
 *
 *   core -> core            engine -> core            platform -> core, engine/ports
 *   workers -> all but app  app -> core, engine/api (the worker itself only by URL)
 *
 * Tests and their fakes may reach further; nothing that ships may reach them.
 */
const TEST = '\\.test\\.ts$|/(testing|fixtures)/';

/** @param {string} path */
const shipped = (path) => ({ path, pathNot: TEST });

/** Files of the repository that lie outside of `allowed`. @param {string[]} allowed */
const oursExcept = (...allowed) => ({ path: '^(src|workers|e2e|tools)/', pathNot: allowed });

/** An installed package. @param {string} name */
const npm = (name) => `(^|/)node_modules/${name}(/|$)`;

module.exports = {
  forbidden: [
    {
      name: 'core-imports-core',
      comment: 'core is pure: it knows no engine, GPU, page or package.',
      severity: 'error',
      from: shipped('^src/core/'),
      to: oursExcept('^src/core/'),
    },
    {
      name: 'core-without-packages',
      comment: 'core runs anywhere: no module of node, and of npm packages only those that are pure arithmetic.',
      severity: 'error',
      from: shipped('^src/(core|engine)/'),
      to: {
        pathNot: npm('(fflate|lean-qr|@noble/hashes)'),
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'core'],
      },
    },
    {
      name: 'engine-imports-core',
      comment: 'the engine meets the world through its ports.',
      severity: 'error',
      from: shipped('^src/engine/'),
      to: oursExcept('^src/engine/', '^src/core/'),
    },
    {
      name: 'platform-imports-core-and-ports',
      comment: 'an adapter fulfils engine/ports.ts and knows nothing else of the engine.',
      severity: 'error',
      from: shipped('^src/platform/'),
      to: oursExcept('^src/platform/', '^src/core/', '^src/engine/(ports|api|library-api|bench-api)\\.ts$'),
    },
    {
      name: 'platform-takes-only-types-from-api',
      comment: 'ports.ts speaks in types of api.ts, so an adapter may name them.',
      severity: 'error',
      from: shipped('^src/platform/'),
      to: { path: '^src/engine/(api|library-api|bench-api)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workers-do-not-import-app',
      comment: 'a worker has no page.',
      severity: 'error',
      from: shipped('^workers/'),
      to: oursExcept('^workers/', '^src/(core|engine|platform)/'),
    },
    {
      name: 'app-imports-core-and-api',
      comment: 'the page sees the engine as engine/api.ts and starts the worker by its URL.',
      severity: 'error',
      from: { path: '^src/app/', pathNot: [TEST, '^src/app/main\\.ts$'] },
      to: oursExcept('^src/app/', '^src/core/', '^src/clients/', '^src/engine/(api|library-api|bench-api)\\.ts$'),
    },
    {
      name: 'clients-know-what-crosses',
      comment: 'a page\u2019s end of a worker starts it by its URL and knows what crosses.',
      severity: 'error',
      from: shipped('^src/(clients/|index\\.ts$)'),
      to: oursExcept('^src/clients/', '^src/core/', '^src/engine/(api|library-api|bench-api)\\.ts$'),
    },
    {
      name: 'main-wires-what-the-page-keeps',
      comment: 'main.ts alone gives the page its storage: the gallery lives in the page, not in a worker.',
      severity: 'error',
      from: { path: '^src/app/main\\.ts$' },
      to: oursExcept(
        '^src/app/',
        '^src/core/',
        '^src/index\\.ts$',
        '^src/clients/',
        '^src/engine/(api|library-api|bench-api)\\.ts$',
        '^src/platform/storage/((gallery|asset)-store|key-value)\\.ts$',
        '^models-manifest\\.json$',
        '^package\\.json$',
      ),
    },
    {
      name: 'onnxruntime-only-in-gpu',
      comment: 'one folder knows the runtime: src/platform/gpu.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: [TEST, '^src/platform/gpu/'] },
      to: { path: npm('onnxruntime-[a-z]+') },
    },
    {
      name: 'transformers-only-in-text',
      comment: 'one folder knows the tokenizer library: src/platform/text.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: [TEST, '^src/platform/text/'] },
      to: { path: npm('@huggingface') },
    },
    {
      name: 'comlink-only-at-the-seam',
      comment: 'comlink lives in the worker shells and in the one client of the page.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: [TEST, '^src/clients/', '^workers/'] },
      to: { path: npm('comlink') },
    },
    {
      name: 'samplers-do-not-know-networks',
      comment: 'a sampler gets denoise(x, sigma).',
      severity: 'error',
      from: { path: '^src/core/(samplers|schedules|noise|predictions)/' },
      to: { path: '^src/core/(networks|families|graph|weights)/' },
    },
    {
      name: 'networks-do-not-know-families',
      comment: 'a network knows its own config and tensor names; which models are made of it is said by the families.',
      severity: 'error',
      from: shipped('^src/core/(networks|graph|latents|predictions)/'),
      to: { path: '^src/core/(families|packs|checkpoints|catalog)/' },
    },
    {
      name: 'families-are-data',
      comment: 'a family names networks, samplers and schedules by id: of their code it takes types alone.',
      severity: 'error',
      from: shipped('^src/core/families/'),
      to: { path: '^src/core/(?!families/|errors\\.ts)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nothing-ships-tests',
      comment: 'tests, fakes and fixtures stay out of the app.',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: [TEST, '^src/app/main\\.ts$'] },
      to: { path: [TEST, '^(e2e|tools)/'] },
    },
    {
      name: 'src-without-tools',
      comment: 'not even tests of src reach into tools or e2e: what both need lies in a testing folder of src.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(e2e|tools)/' },
    },
    {
      name: 'main-ships-no-tests',
      comment: 'the fakes of `npm run dev` are fetched in development only; nothing else of a test is.',
      severity: 'error',
      from: { path: '^src/app/main\\.ts$' },
      to: { path: [TEST, '^(e2e|tools)/'], pathNot: '^src/app/testing/fake-(engine|library|bench)\\.ts$' },
    },
    {
      name: 'no-cycles',
      comment: 'two modules that need each other are one module, or miss a third; types count.',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      to: { circular: true },
    },
    {
      name: 'resolves',
      comment: 'an import that leads nowhere is not checked by any other rule.',
      severity: 'error',
      from: { path: '^(src|workers)/' },
      // Vite's own queries (?url, ?worker) and virtual modules are resolved by Vite.
      to: { couldNotResolve: true, pathNot: '\\?(url|raw|worker)|^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/core/universal\\.d\\.ts$' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['svelte', 'browser', 'import', 'default', 'types'],
      extensions: ['.ts', '.svelte.ts', '.svelte', '.js', '.mjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
