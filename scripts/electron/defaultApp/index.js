// Runs the app whose path is the first argument that is no switch, as Electron's own default app does.
// The top-level await is needed: without it `ready` fires before the app's own module has run.
import { app } from 'electron'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const given = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (given === undefined) {
  console.error('Usage: electron <path of an app>')
  process.exit(2)
}

Object.defineProperty(process, 'defaultApp', { enumerable: true, value: true })
const path = resolve(given)
let entry = path
if (statSync(path).isDirectory()) {
  const description = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  app.setName(description.productName ?? description.name)
  app.setVersion(description.version)
  entry = join(path, description.main ?? 'index.js')
  app.setAppPath(path)
} else {
  app.setAppPath(dirname(path))
}
await import(pathToFileURL(entry).href)
