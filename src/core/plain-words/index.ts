export { createLanguages, type Languages } from './choose-language';
export { readNamesFile, type NamesFile } from './foreign';
export { readReaderFacts, type ReaderFacts } from './reader-facts';
export { createPlainReader, type GetLanguages, type PlainReader, type PlainReading } from './read-plainly';
export { isReadingNotice, sayReading } from './say-reading';
