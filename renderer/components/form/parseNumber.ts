/**
 * A number as a person writes it: "0.0001", "1e-4", "1e−4", "10,000", "10 000".
 * @returns NaN for an empty or unreadable text, which every schema refuses with its own sentence
 */
export function parseNumber(written: string): number {
  const text = written
    .trim()
    .replaceAll('−', '-')
    // Only a comma that groups thousands; "0,5" is not read as 5.
    .replaceAll(/(?<=\d)[,\s](?=\d{3}(?:\D|$))/g, '')
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : NaN
}
