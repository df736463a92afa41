// Imported first, so that an old Node gets this sentence and not a syntax error from the modules after it.
const OLDEST_MAJOR = 20

if (Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR) {
  console.error(
    `bmfote is built with Node ${OLDEST_MAJOR} or newer, and this is Node ${process.versions.node}. ` +
      'Install a newer one from https://nodejs.org, then run the same command again.',
  )
  process.exit(1)
}
