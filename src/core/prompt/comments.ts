/** Comments in a prompt: from `#` to the end of the line. @see A1111 modules/processing_scripts/comments.py */

/** Where a comment was, a line break stays, as in A1111; a line that is all comment takes the break before it along. */
export function stripComments(text: string): string {
  return text.replace(/(^|\n)#[^\n]*(\n|$)/g, '\n').replace(/#[^\n]*(\n|$)/g, '\n');
}
