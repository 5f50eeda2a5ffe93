/** What a `meta.yaml` holds: one level of plain values. */
export type YamlValue = string | number | null | []

/** A flat YAML document; strings quoted, whose JSON form is YAML too. */
export function formatYaml(values: Record<string, YamlValue>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('')
}

/** The value of a string or number at the top level, as MLflow or `formatYaml` writes it; null where it is not there. */
export function yamlText(document: string, key: string): string | null {
  const [, value] = new RegExp(`^${key}:[ \\t]*(.*?)[ \\t\\r]*$`, 'm').exec(document) ?? []
  if (value === undefined || value === '') return null
  if (value.startsWith("'")) return value.slice(1, -1).replaceAll("''", "'")
  if (!value.startsWith('"')) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return null
  }
}
