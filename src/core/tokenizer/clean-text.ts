/** Repairs of pasted text that CLIP's own tokenizer makes before it splits: curly quotes, odd widths, control characters. */

/**
 * Never meant as such: bytes of Windows-1252 that were taken for Latin-1. The five bytes that it leaves open (shown as a
 * space here) stay. Not TextDecoder('windows-1252'): node 20 decodes Latin-1 under that name.
 */
const C1_CONTROLS = /[\u0080\u0082-\u008c\u008e\u0091-\u009c\u009e\u009f]/g;
const WINDOWS_1252 = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';
/** Latin ligatures (ĳ, ǆ, ﬁ …), halfwidth and fullwidth forms, the ideographic space. */
const PRESENTATION_FORMS = /[\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06\u3000\uff01-\uffef]/g;
const SINGLE_QUOTES = /[\u02bc\u2018-\u201b]/g;
const DOUBLE_QUOTES = /[\u201c-\u201f]/g;
const LINE_BREAKS = /[\u2028\u2029]/g;
/** Control characters, but for tab, line feed, form feed and carriage return, which are white space. */
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001f\u007f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/**
 * What `ftfy.fix_text` does to text that was not damaged on its way: CLIP was trained on such text, and A1111 tokenizes it.
 * Left out: wrongly decoded UTF-8 ("Ã©") and HTML entities, where a repair would be a guess about what was meant.
 *
 * @returns NFC text; case and white space are the tokenizer's business
 * @see ftfy 6.3.1 fixes.py and chardata.py; OpenAI CLIP simple_tokenizer.py basic_clean
 */
export function cleanText(text: string): string {
  return text
    .replace(C1_CONTROLS, (control) => WINDOWS_1252.charAt(control.charCodeAt(0) - 0x80))
    .replace(PRESENTATION_FORMS, (form) => form.normalize('NFKC'))
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(LINE_BREAKS, '\n')
    .replace(CONTROLS, '')
    .normalize('NFC');
}
