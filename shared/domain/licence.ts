/** Software of others that is in the app. */
export interface Licence {
  name: string
  version: string
  /** As its authors abbreviate it, e.g. "MIT". */
  licence: string
  /** Its words; empty where the package brings none. */
  text: string
}
