/** Dawn for Node writes nothing out of shared memory, where onnxruntime-web's heap lies: a copy goes between. */

export function copySharedWrites(): void {
  const { prototype } = GPUQueue;
  const original = prototype.writeBuffer;
  prototype.writeBuffer = function (buffer, offset, data, dataOffset = 0, size?: number) {
    const { view, elementBytes } = viewOf(data);
    const begin = dataOffset * elementBytes;
    const end = size === undefined ? view.byteLength : begin + size * elementBytes;
    // slice() of a view of shared memory is a plain copy
    return original.call(this, buffer, offset, view.slice(begin, end));
  };
}

/** Offsets and sizes count elements of a typed array, bytes of all else. */
function viewOf(data: ArrayBufferLike | ArrayBufferView): { view: Uint8Array; elementBytes: number } {
  if (!ArrayBuffer.isView(data)) return { view: new Uint8Array(data), elementBytes: 1 };
  const { BYTES_PER_ELEMENT: elementBytes = 1 } = data as { BYTES_PER_ELEMENT?: number };
  return { view: new Uint8Array(data.buffer, data.byteOffset, data.byteLength), elementBytes };
}
