export * from './tokenizer';
export * from './chunks';
