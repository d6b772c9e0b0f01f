/** How Chromium is started: what keeps it quiet, and which GPU it may see. */

/** A closed network must not make it wait; as root its sandbox cannot start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
];

const SOFTWARE = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

const GPU = {
  /** WebGPU in software: the same on every machine, slow, without shader-f16. For the tests. */
  swiftshader: SOFTWARE,
  /**
   * The same of the browser of tools/lavapipe, where Mesa's lavapipe takes SwiftShader's place. Some shaders compile longer than
   * the watchdog waits; the developers' features let an adapter say its name.
   */
  lavapipe: [...SOFTWARE, '--disable-gpu-watchdog', '--enable-webgpu-developer-features'],
  /** The machine's own GPU where Chromium finds one, else SwiftShader. */
  any: ['--enable-unsafe-webgpu', ...(process.platform === 'linux' ? ['--enable-features=Vulkan'] : [])],
  /** `navigator.gpu` is there but gives no adapter, as on a machine without a usable GPU. */
  none: ['--disable-gpu'],
};

/** @typedef {keyof typeof GPU} GpuChoice */

/** @returns {string[]} */
export function chromiumArgs(/** @type {GpuChoice} */ gpu) {
  const isRoot = process.getuid?.() === 0;
  return [...QUIET, ...GPU[gpu], ...(isRoot ? ['--no-sandbox'] : [])];
}
