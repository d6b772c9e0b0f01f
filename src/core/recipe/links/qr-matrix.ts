/** A text as a QR code, to be scanned with a phone. */
import { generate } from 'lean-qr';

/** What the largest code holds at the lowest level of correction. */
const MOST_BYTES = 2953;

/** Rows of dark (true) and light squares, without the light margin of four; undefined where the text is too long. */
export function qrMatrix(text: string): boolean[][] | undefined {
  if (new TextEncoder().encode(text).length > MOST_BYTES) return undefined;
  const code = generate(text);
  const places = Array.from({ length: code.size }, (_, i) => i);
  return places.map((y) => places.map((x) => code.get(x, y)));
}
