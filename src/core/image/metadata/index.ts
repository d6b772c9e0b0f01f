/** Texts in picture files, read and written. */
export { embedInfotext } from './embed-infotext';
export { readPictureText, type PictureFormat, type PictureText } from './picture-text';
export { embedPngText } from './png';
export { readStealthText, type StealthPixels } from './stealth';
export { readXmp } from './xmp';
