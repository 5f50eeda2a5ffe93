import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { repository } from '../../scripts/buildIfStale.ts'

const pages = [
  'README.md',
  ...readdirSync(path.join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]
const textOf = (page: string) => readFileSync(path.join(repository, page), 'utf8')

/** As GitHub makes them of headings. */
const anchorsOf = (page: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

/** Places inside the repository that a page links to: [page, anchor or '']. */
const linksOf = (page: string) =>
  [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target): [string, string] => {
      const [file, anchor = ''] = target.split('#')
      return [file === '' ? page : path.posix.join(path.posix.dirname(page), file), anchor]
    })

describe.each(pages)('%s', (page) => {
  it('links to what is there', () => {
    const broken = linksOf(page).filter(
      ([file, anchor]) =>
        !existsSync(path.join(repository, file)) || (anchor !== '' && !anchorsOf(file).includes(anchor)),
    )
    expect(broken).toEqual([])
  })

  it('names files and folders of the source that are there', () => {
    const named = [...textOf(page).matchAll(/`((?:main|renderer|shared|db|test|scripts|docs)\/[\w./-]+)`/g)]
    const gone = named
      .map(([, name]) => name)
      // What the tests write is not there before.
      .filter((name) => !name.startsWith('test/output') && !existsSync(path.join(repository, name)))
    expect(gone).toEqual([])
  })
})

it('every picture in docs/screenshots is shown on a page', () => {
  const shown = pages.flatMap(linksOf).map(([file]) => file)
  const pictures = readdirSync(path.join(repository, 'docs', 'screenshots')).map(
    (name) => `docs/screenshots/${name}`,
  )
  expect(pictures.filter((picture) => !shown.includes(picture))).toEqual([])
})
