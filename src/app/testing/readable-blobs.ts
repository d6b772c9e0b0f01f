/** jsdom's Blobs cannot be read: with this they can. */
export function makeBlobsReadable(): void {
  Blob.prototype.arrayBuffer = function (this: Blob): Promise<ArrayBuffer> {
    return new Promise((resolve, reject) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as ArrayBuffer);
      reader.onerror = () => reject(reader.error ?? new Error('unread'));
      reader.readAsArrayBuffer(this);
    });
  };
}
