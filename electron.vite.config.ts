import { readFile } from 'node:fs/promises'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { build, type Plugin } from 'vite'
import { painterFile } from './src/main/services/figures/figurePng.ts'
import { fontFiles } from './src/main/services/figures/printFonts.ts'
import { contentPolicy } from './src/main/services/rendererFiles.ts'

/** What a bundle cannot take in: native code, and TensorFlow, which a machine may lack. `ws` runs without its two. */
const external = ['better-sqlite3', 'koffi', /^@tensorflow\//, 'bufferutil', 'utf-8-validate']

export default defineConfig({
  main: {
    plugins: [wasmKernels(), figureParts(), taskProgram()],
    // The build for Node declares a `require`, and so does what electron-vite puts before each script.
    resolve: { alias: { fflate: 'fflate/browser' } },
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: {
          index: 'src/main/index.ts',
          cli: 'src/main/cli/index.ts',
          engineWorker: 'src/main/engine/worker/worker.ts',
          migrationWorker: 'src/main/services/migrationWorker.ts',
          probeEntry: 'src/main/lab/probeEntry.ts',
          sweepOnGpu: 'src/main/sweep/gpuProgram.ts',
        },
        external,
        // All in one folder: code that looks beside itself finds the worker, the kernels and the renderer from any chunk.
        output: { chunkFileNames: '[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload is run as a script, never as a module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [vue(), contentPolicyInPage()],
    build: {
      minify: true,
      // The content policy admits fonts and pictures as files only.
      assetsInlineLimit: 0,
      // One script on purpose: it is read from this machine, and nothing of it can be missing later.
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  },
})

/** Puts the compiled kernels beside the script that loads them. */
function wasmKernels(): Plugin {
  return {
    name: 'grokscope:wasm-kernels',
    async generateBundle() {
      for (const precision of ['float64', 'float32']) {
        const fileName = `kernels.${precision}.wasm`
        const source = await readFile(new URL(`src/main/lab/backend/wasm/${fileName}`, import.meta.url))
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
  }
}

/** Puts the faces of printed figures, and what paints them, beside the scripts. */
function figureParts(): Plugin {
  return {
    name: 'grokscope:figure-parts',
    async generateBundle() {
      for (const file of fontFiles) {
        const source = await readFile(new URL(`node_modules/${file}`, import.meta.url))
        this.emitFile({ type: 'asset', fileName: `fonts/${file.split('/').at(-1)}`, source })
      }
      const painter = await readFile(new URL(`node_modules/${painterFile}`, import.meta.url))
      this.emitFile({ type: 'asset', fileName: 'resvg.wasm', source: painter })
    },
  }
}

/** The program that computes the tasks of sweeps, in `out/task`: a script and its kernels, which need nothing else beside them. */
function taskProgram(): Plugin {
  return {
    name: 'grokscope:task-program',
    apply: 'build',
    async closeBundle() {
      await build({
        configFile: false,
        logLevel: 'warn',
        plugins: [wasmKernels()],
        ssr: { noExternal: true },
        build: {
          ssr: 'src/main/sweep/task.ts',
          outDir: 'out/task',
          target: 'node22',
          rolldownOptions: {
            external,
            output: { entryFileNames: 'task.mjs', codeSplitting: false },
          },
        },
      })
    },
  }
}

/** The policy in the built page too, under the headers of every host; a page cannot state who may frame it. */
function contentPolicyInPage(): Plugin {
  const content = contentPolicy.replace(/frame-ancestors [^;]*; /, '')
  return {
    name: 'grokscope:content-policy',
    apply: 'build',
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': 'Content-Security-Policy', content }, injectTo: 'head-prepend' },
    ],
  }
}
