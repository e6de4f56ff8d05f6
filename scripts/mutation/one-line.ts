/** The text with each run of white space as one blank, so that formatting makes no difference. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
