/** How long a workflow of two hundred nodes takes to stand, from when it is dropped on a page that has not had a graph yet. */

/** @typedef {import('@playwright/test').Page} Page */

const NODES = 203;
const ACROSS = 16;

/** @param {Page} page  which is open @returns {Promise<number>} milliseconds until the frame that shows its boxes */
export async function openLargeGraph(page) {
  return Math.round(await page.evaluate(timeOpening, JSON.stringify(largeWorkflow())));
}

/** Samplers with their fields, texts, and what decodes them. */
function largeWorkflow() {
  const kinds = [
    { type: 'KSampler', widgets_values: [7, 'fixed', 20, 8, 'euler', 'normal', 1] },
    { type: 'CLIPTextEncode', widgets_values: ['words of a text'] },
    { type: 'VAEDecode', widgets_values: [] },
  ];
  const nodes = Array.from({ length: NODES }, (_, i) => ({
    ...{ id: i + 1, pos: [(i % ACROSS) * 340, Math.floor(i / ACROSS) * 320], size: [300, 280], mode: 0, order: i },
    ...{ flags: {}, inputs: [], outputs: [], properties: {}, ...kinds[i % kinds.length] },
  }));
  return { last_node_id: NODES, last_link_id: 0, nodes, links: [], groups: [], config: {}, extra: {}, version: 0.4 };
}

/** Runs in the page. @param {string} text @returns {Promise<number>} */
function timeOpening(text) {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([text], 'many.json', { type: 'application/json' }));
  const begun = performance.now();
  document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  return new Promise((resolve) => {
    const look = () =>
      document.querySelector('.svelte-flow__node') === null
        ? requestAnimationFrame(look)
        : requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => resolve(performance.now() - begun);
            port2.postMessage('');
          });
    look();
  });
}
