import { afterAll } from 'vitest'
import { removeFolders } from './folders.ts'

// Asked for by the configuration before every file: a process that has many files loads a module once, and its hooks are those of the first.
afterAll(removeFolders)
