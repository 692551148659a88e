/** Characters that a terminal acts upon or shows nothing of: controls, marks of direction, separators of lines, halves of characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Text of others on one line, as it is: what a terminal would act upon is written out, such as `\n` and `\u001b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => {
    if (character === '\n') return String.raw`\n`;
    const code = character.codePointAt(0)!.toString(16);
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
  });
}
