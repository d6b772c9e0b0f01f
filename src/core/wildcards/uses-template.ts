/** Whether a text asks for anything to be drawn. Kept small: the page asks it of every prompt. */

/** A choice with `|` or `$$`, a list's `__name__`, a variable. Braces alone are A1111's text, and NovelAI's emphasis. */
export const usesTemplate = (text: string): boolean =>
  /\{[^{}]*(\||\$\$)[^]*\}|__(?=\S)[^\n{}()#]*?[^\s_{}()#](\([^)\n]*\))?__|\$\{/.test(text);
