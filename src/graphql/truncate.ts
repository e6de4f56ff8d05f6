/** The beginning of a text, with an ellipsis where something of it is left out. */
export function truncate(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length).toWellFormed()}…` : text;
}
