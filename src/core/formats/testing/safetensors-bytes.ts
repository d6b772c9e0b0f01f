/** Writes .safetensors bytes for tests: any header, true or lying. */

export function safetensorsBytes(header: Record<string, unknown>, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

/** A sound file of float32 tensors. */
export function floatSafetensors(
  tensors: Record<string, { shape: number[]; values: number[] }>,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = {};
  const all: number[] = [];
  for (const [name, { shape, values }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [4 * all.length, 4 * (all.length + values.length)] };
    all.push(...values);
  }
  return safetensorsBytes(header, new Uint8Array(Float32Array.from(all).buffer));
}
