/** The reconstruction error of patches that a run holds out. */
export const addValidation = {
  version: 2,
  name: 'add-validation',
  // NULL where none are held out, as in every run before.
  sql: `
ALTER TABLE iterations ADD COLUMN validation REAL;
ALTER TABLE runs ADD COLUMN validation REAL;
`,
}
