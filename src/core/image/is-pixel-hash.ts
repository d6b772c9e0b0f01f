/** How a picture is named: see pixel-hash.ts, which needs more to make one. */
export const isPixelHash = (text: unknown): text is string => typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
