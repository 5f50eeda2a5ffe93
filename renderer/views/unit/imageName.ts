/** The last part of a path, without its ending: "trip/garden-07.tif" is "garden-07". */
export const imageName = (file: string): string =>
  file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1).replace(/(?<=.)\.[^.]*$/, '')
