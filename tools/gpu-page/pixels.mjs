/** A picture on the page as bytes, and how far two are apart. */

/** RGBA. @param {import('playwright-core').Locator} image */
export async function readPixels(image) {
  const text = await image.evaluate(
    async (node) => {
      await node.decode();
      const canvas = new OffscreenCanvas(node.naturalWidth, node.naturalHeight).getContext('2d');
      canvas.drawImage(node, 0, 0);
      const { data } = canvas.getImageData(0, 0, node.naturalWidth, node.naturalHeight);
      let letters = '';
      for (let i = 0; i < data.length; i += 8192) letters += String.fromCharCode(...data.subarray(i, i + 8192));
      return btoa(letters);
    },
    undefined,
    { timeout: 10_000 },
  );
  return Uint8Array.from(Buffer.from(text, 'base64'));
}

/** Peak signal to noise over red, green and blue. @throws Error where their sizes differ */
export function decibels(one, other) {
  if (one.length !== other.length) throw new Error(`The pictures have ${one.length} and ${other.length} bytes.`);
  let sum = 0;
  for (let i = 0; i < one.length; i++) if (i % 4 !== 3) sum += (one[i] - other[i]) ** 2;
  return sum === 0 ? 99 : 10 * Math.log10(255 ** 2 / (sum / (one.length * 0.75)));
}
