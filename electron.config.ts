import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { resolve } from 'node:path'
import type { Plugin } from 'vite'
import { collectLicences } from './scripts/packaging/licences.ts'

const root = import.meta.dirname

/**
 * Built for the oldest Electron that runs the app, the fallback of the tests (Electron 33: Chromium
 * 130, Node 20.18): by hand, because electron-vite knows no target for an Electron newer than itself.
 */
const NODE_TARGET = 'node20.18'
const CHROME_TARGET = 'chrome130'

/** Native, or loading files of their own by path: they stay in node_modules. All else is bundled. */
const EXTERNAL =
  /^(better-sqlite3|onnxruntime-node|gpu\.js|webgpu|@napi-rs\/image|@julusian\/jpeg-turbo)($|\/)/

/** The `#…` imports of package.json. */
const alias = ['db', 'main', 'shared'].map((folder) => ({
  find: new RegExp(`^#${folder}/`),
  replacement: `${resolve(root, folder)}/`,
}))

const licences = collectLicences(root)

/** A worker is started by its path from the file that starts it; the build puts both elsewhere. */
const WORKERS = {
  workerHost: 'main/session/hosts/workerHost.ts',
  shareThread: 'main/engine/onnx/shareThread.ts',
  readerThread: 'main/cli/reader/readerThread.ts',
  imageThread: 'main/dataset/image/imageThread.ts',
}

const builtWorkers: Plugin = {
  name: 'rho-lab-built-workers',
  renderChunk: (code, { fileName }) =>
    Object.keys(WORKERS).reduce(
      (built, name) =>
        built.replace(
          new RegExp(`(new URL\\(["'\`])\\./(?:hosts/)?${name}\\.ts`),
          `$1${fileName.includes('/') ? '../' : './'}${name}.js`,
        ),
      code,
    ),
}

export default defineConfig({
  main: {
    resolve: { alias },
    plugins: [builtWorkers, licences],
    build: {
      outDir: resolve(root, 'out/main'),
      target: NODE_TARGET,
      externalizeDeps: false,
      rolldownOptions: {
        external: EXTERNAL,
        input: {
          index: resolve(root, 'main/app/index.ts'),
          session: resolve(root, 'main/session/hosts/utilityHost.ts'),
          importer: resolve(root, 'main/dataset/importHost.ts'),
          analysis: resolve(root, 'main/analysis/analysisHost.ts'),
          transfer: resolve(root, 'main/export/transferHost.ts'),
          lab: resolve(root, 'main/cli/installedLab.ts'),
          ...Object.fromEntries(Object.entries(WORKERS).map(([name, path]) => [name, resolve(root, path)])),
          probe: resolve(root, 'main/session/hosts/probeHost.ts'),
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    resolve: { alias },
    build: {
      outDir: resolve(root, 'out/preload'),
      target: NODE_TARGET,
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          index: resolve(root, 'main/preload/index.ts'),
          compute: resolve(root, 'main/preload/compute.ts'),
        },
        // A sandboxed preload script is a CommonJS file of its own.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    resolve: { alias },
    plugins: [vue(), licences],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: CHROME_TARGET,
      // The Content-Security-Policy lets no font or image come from a data: address.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: resolve(root, 'renderer/index.html'),
          compute: resolve(root, 'renderer/compute.html'),
        },
      },
    },
  },
})
