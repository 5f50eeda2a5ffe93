const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as it may stand in an element or a quoted attribute. */
export const escapeHtml = (text: string | number): string =>
  String(text).replace(/[&<>"']/g, (character) => entities[character])

/** A table with its first column as row headings; cells are texts, not HTML. */
export function htmlTable(head: readonly string[] | null, rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[]) =>
    row.map((cell, k) =>
      k === 0 ? `<th scope="row">${escapeHtml(cell)}</th>` : `<td>${escapeHtml(cell)}</td>`,
    )
  const headRow = head
    ? `<thead><tr>${head.map((cell) => `<th scope="col">${escapeHtml(cell)}</th>`).join('')}</tr></thead>`
    : ''
  const body = rows.map((row) => `<tr>${cells(row).join('')}</tr>`).join('\n')
  return `<div class="wide"><table>${headRow}<tbody>\n${body}\n</tbody></table></div>`
}
