/** A run's name as every file system takes it. */
export function fileName(name: string): string {
  const safe = name.replace(/[\p{Cc}\s<>:"/\\|?*]+/gu, ' ').slice(0, 80)
  return safe.replace(/^[. ]+|[. ]+$/g, '') || 'run'
}
