import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listImages } from '#main/dataset/listImages.ts'
import { hasPipes, makePipe, makeSocket } from '../otherThanFiles.ts'
import { greyPng } from './pictures.ts'

const picture = greyPng(8, 8, (x, y) => x * y)
let outside: string
let folder: string

beforeEach(async () => {
  outside = await realpath(await mkdtemp(path.join(tmpdir(), 'rho-lab-list-')))
  folder = path.join(outside, 'photographs')
  await mkdir(folder)
})
afterEach(() => rm(outside, { recursive: true }))

async function put(file: string, content: string | Uint8Array = picture): Promise<void> {
  await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
  await writeFile(path.join(folder, file), content)
}

describe('listImages', () => {
  it('finds images in subfolders, sorted by path', async () => {
    for (const file of ['b.png', 'a/z.jpg', 'a/b/c.TIFF', 'B.png', 'a.webp', 'ä.bmp']) await put(file)
    const { files, skipped } = await listImages(folder)
    expect(files).toEqual(['B.png', 'a.webp', 'a/b/c.TIFF', 'a/z.jpg', 'b.png', 'ä.bmp'])
    expect(skipped).toEqual([])
  })

  it('passes over hidden files and what is plainly no image', async () => {
    for (const file of ['.hidden.png', '.git/x.png', '__MACOSX/y.png']) await put(file)
    for (const file of ['notes.txt', 'Thumbs.db', 'desktop.ini', 'README', 'clip.mp4', 'page.pdf'])
      await put(file, 'text')
    expect(await listImages(folder)).toEqual({ folder, files: [], skipped: [] })
  })

  it.runIf(hasPipes)('names pipes and sockets among what was left out, and waits for none', async () => {
    await put('a.png')
    makePipe(folder, 'pipe.png')
    makePipe(folder, 'pipe')
    const socket = await makeSocket(folder, 'socket.jpg')
    const { files, skipped } = await listImages(folder)
    socket.close()
    expect(files).toEqual(['a.png'])
    expect(skipped).toEqual([
      { file: 'pipe', reason: 'Not a file but a named pipe.' },
      { file: 'pipe.png', reason: 'Not a file but a named pipe.' },
      { file: 'socket.jpg', reason: 'Not a file but a socket.' },
    ])
  })

  it('keeps a broken image to be named, and finds an image under a false name', async () => {
    await put('broken.png', 'not a picture')
    await put('odd.xyz', 'unknown')
    await put('picture.txt')
    await put('no-extension')
    expect((await listImages(folder)).files).toEqual(['broken.png', 'no-extension', 'odd.xyz', 'picture.txt'])
  })

  it('does not follow links out of the folder, nor into circles', async () => {
    await put('inside.png')
    await mkdir(path.join(outside, 'elsewhere'))
    await writeFile(path.join(outside, 'elsewhere/secret.png'), picture)
    await symlink('../elsewhere', path.join(folder, 'out'))
    await symlink('../elsewhere/secret.png', path.join(folder, 'secret.png'))
    await symlink('.', path.join(folder, 'circle'))
    await symlink('inside.png', path.join(folder, 'twice.png'))
    await symlink('nothing.png', path.join(folder, 'dangling.png'))
    const { files, skipped } = await listImages(folder)
    expect(files).toEqual(['inside.png'])
    expect(skipped).toEqual([
      { file: 'dangling.png', reason: 'The link leads nowhere. Remove it.' },
      { file: 'out', reason: 'The link leads out of the folder. Copy the file itself.' },
      { file: 'secret.png', reason: 'The link leads out of the folder. Copy the file itself.' },
    ])
  })

  it('follows a link that was given as the folder itself', async () => {
    await put('inside.png')
    const link = path.join(outside, 'link')
    await symlink(folder, link)
    expect(await listImages(link)).toMatchObject({ folder, files: ['inside.png'] })
  })

  it.runIf(process.platform === 'linux')('names a file whose name is no UTF-8 with that reason', async () => {
    await put('ok.png')
    await put('�.png')
    await writeFile(
      Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.png')]),
      picture,
    )
    await mkdir(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xe9)]))
    const reason = 'Its name is not UTF-8, so it cannot be opened. Rename it.'
    expect(await listImages(folder)).toMatchObject({
      files: ['ok.png', '�.png'],
      skipped: [
        { file: 'caf�.png', reason },
        { file: '�', reason },
      ],
    })
  })

  it('says when there is no such folder, or it is a file', async () => {
    const missing = path.join(folder, 'missing')
    await expect(listImages(missing)).rejects.toThrow(`There is no folder ${missing}. Check the path.`)
    await put('a.png')
    await expect(listImages(path.join(folder, 'a.png'))).rejects.toThrow(
      'Give the folder that holds the images.',
    )
  })

  it('takes as many images as the limit, refuses one more, and can be cancelled', async () => {
    for (let i = 0; i < 30; i++) await put(`${i % 3}/${i}.png`)
    const found: number[] = []
    const { files } = await listImages(folder, { limit: 30, onFound: (count) => found.push(count) })
    expect(files).toHaveLength(30)
    expect(found).toEqual([0, 10, 20, 30])

    const controller = new AbortController()
    const cancelled = listImages(folder, { signal: controller.signal, onFound: () => controller.abort() })
    await expect(cancelled).rejects.toMatchObject({ code: 'stopped' })

    await put('one-more.png')
    const sentence = `The folder ${folder} holds more than 30 images. Import a smaller folder.`
    await expect(listImages(folder, { limit: 30 })).rejects.toThrow(sentence)
  })
})
