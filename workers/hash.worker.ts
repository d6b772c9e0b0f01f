/** Computes one file's SHA-256 from the pieces that the library's worker sends, while that works on the weights. */
import { answerHashes, type HashRequest } from '../src/platform/library/hashes-beside';

const take = answerHashes((answer) => self.postMessage(answer));

self.onmessage = ({ data }: MessageEvent<HashRequest>) => take(data);

// A piece that does not come through: the error is heard on the other side.
self.onmessageerror = () => {
  throw new Error('a piece of the file could not be read');
};
