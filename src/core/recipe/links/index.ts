/** Share links: a recipe in the part of a URL that no server sees. */
export { findLink } from './find-link';
export { unwrapLinks } from './unwrap-link';
export { qrMatrix } from './qr-matrix';
export { readLink, type LinkContent } from './read-link';
export { writeLink } from './write-link';
