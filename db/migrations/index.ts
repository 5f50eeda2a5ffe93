import { createLibrary } from './0001-create-library.ts'

/** A step of the schema; applied once, in one transaction, and never changed after a release. */
export interface Migration {
  /** `PRAGMA user_version` after it. */
  version: number
  name: string
  sql: string
}

/** In order; versions count up from 1. */
export const migrations: readonly Migration[] = [createLibrary]
